import { problem } from '../../../kit/problem';

export const TemplateExists = problem(
  409,
  'template-exists',
  'There is a template for this key in this language already.',
);
