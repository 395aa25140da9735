type Tree = { [name: string]: Tree | string };

/** What a form's names with brackets mean: `items[0][price]=a` is `{items: [{price: 'a'}]}`. */
export function decodeForm(text: string): unknown {
  const root: Tree = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const steps = name.split(/[[\]]+/).filter((step, i, all) => step || i < all.length - 1);
    const last = steps.pop()!;
    const place = steps.reduce((tree, step) => (tree[step] ??= {}) as Tree, root);
    place[last || String(Object.keys(place).length)] = value; // `expand[]=a`
  }
  return withLists(root);
}

function withLists(tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree;
  const entries = Object.entries(tree).map(([name, value]) => [name, withLists(value)] as const);
  const isList = entries.length > 0 && entries.every(([name], i) => name === String(i));
  return isList ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}
