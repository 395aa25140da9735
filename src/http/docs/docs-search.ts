/* Parts of Swagger UI's plugin API: its groups are immutable maps by tag. */
type Operation = { get(key: 'path'): string; getIn(keys: string[]): unknown };
type Operations = { filter(fits: (operation: Operation) => boolean): Operations; size: number };
type Group = {
  get(key: 'operations'): Operations;
  update(key: 'operations', by: (of: Operations) => Operations): Group;
};
type Groups = {
  map(to: (group: Group, tag: string) => Group): Groups;
  filter(fits: (group: Group) => boolean): Groups;
};

/**
 * Swagger UI's filter looks at tags alone. With this plugin it looks at paths, names and summaries, too. It runs in the browser, to which its
 * text is sent: it may use nothing from outside its own braces.
 */
export function search() {
  const opsFilter = (groups: Groups, phrase: string): Groups => {
    const fits = (text: unknown) => String(text).toLowerCase().includes(phrase.toLowerCase());
    const isWanted = (operation: Operation) =>
      [operation.get('path'), ...['operationId', 'summary'].map((key) => operation.getIn(['operation', key]))].some(
        fits,
      );
    return groups
      .map((group, tag) => (fits(tag) ? group : group.update('operations', (all) => all.filter(isWanted))))
      .filter((group) => group.get('operations').size > 0);
  };
  return { fn: { opsFilter } };
}
