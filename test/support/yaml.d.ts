declare module '*.yaml' {
  const content: unknown;
  // oxlint-disable-next-line import/no-default-export -- a whole file has no other name
  export default content;
}
