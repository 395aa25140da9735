type Update = (text: string) => unknown;
type Execute = (call: { path: string; method: string }) => unknown;
type System = {
  specSelectors: { specJson(): { hasIn(path: string[]): boolean } };
  oas3Selectors: { requestBodyValue(path: string, method: string): unknown };
  oas3Actions: { setRequestBodyValue(body: { value: string; pathMethod: [string, string] }): void };
};

/**
 * A plugin of Swagger UI that lets examples be tried again and again: what may be there only once gets a mark, at each load and, where
 * something is made of it a second time, before it is sent. The contract stays as it is. Its text runs in the browser, so it knows
 * nothing of what is around it here.
 */
export function freshExamples() {
  const ONCE = [
    'ada@example.com',
    'grace@example.com',
    'Recruiter',
    'acme-rockets',
    'our-first-rocket',
    'order-shipped',
    'team',
    '1.4.0',
  ];
  const made = new Set<string>();
  const newMark = () => `try${Math.random().toString(16).slice(2).padEnd(6, '0').slice(0, 6)}`;
  const withMark = (example: string, mark: string) => {
    if (example.includes('@')) return example.replace('@', `-${mark}@`);
    return `${example}${/^[A-Z]/.test(example) ? ' ' : '-'}${mark}`;
  };
  const marked = (text: string): string[] => text.match(/"[^"\s]*[- ]try[0-9a-f]{6}\b[^"]*"/g) ?? [];

  const updateSpec = (update: Update) => (text: string) => {
    const mark = newMark();
    return update(ONCE.reduce((spec, one) => spec.replaceAll(`"${one}"`, `"${withMark(one, mark)}"`), text));
  };

  const execute = (proceed: Execute, system: System) => (call: { path: string; method: string }) => {
    const { path, method } = call;
    const body = system.oas3Selectors.requestBodyValue(path, method);
    const makes = system.specSelectors.specJson().hasIn(['paths', path, method, 'responses', '201']);
    if (!makes || typeof body !== 'string') return proceed(call);

    const isMade = marked(body).some((text) => made.has(text));
    const value = isMade ? body.replace(/\btry[0-9a-f]{6}\b/g, newMark()) : body;
    if (isMade) system.oas3Actions.setRequestBodyValue({ value, pathMethod: [path, method] });
    for (const text of marked(value)) made.add(text);
    return proceed(call);
  };

  return { statePlugins: { spec: { wrapActions: { updateSpec, execute } } } };
}
