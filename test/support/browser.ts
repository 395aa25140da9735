import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { NEVER } from './eventually';

/** Where jest.config.js found one. */
const { BROWSER } = globalThis as unknown as { BROWSER: string };

const QUIET = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
const OPTIONS = ['--no-sandbox', '--disable-gpu', '--disable-quic', ...QUIET];

/** A browser that nobody used before, and all that went wrong in it. */
export class Browser {
  /** What was asked of anyone but the app. */
  readonly outside: string[] = [];
  /** What pages wrote to the console as an error or a warning (a policy that is broken is one), and what they threw. */
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    private readonly folder: string,
    origin: string,
  ) {
    context.setDefaultTimeout(NEVER);
    context.on('weberror', (event) => void this.complaints.push(String(event.error())));
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    context.on('request', (request) => {
      const { protocol, origin: asked } = new URL(request.url());
      if (asked !== origin && protocol !== 'data:') this.outside.push(request.url());
    });
  }

  static async open(origin: string): Promise<Browser> {
    const folder = mkdtempSync(join(tmpdir(), 'tenantry-browser-'));
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: BROWSER,
      args: OPTIONS,
      timeout: NEVER,
    });
    return new Browser(context, folder, origin);
  }

  async close(): Promise<void> {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Swagger UI's "Try it out" and "Execute"; `body` and `parameters` take the place of what is filled in. Reads what is shown. */
export async function tryItOut(
  page: Page,
  operation: string,
  { body, parameters = {} }: { body?: object; parameters?: Record<string, string> } = {},
): Promise<{ status: number; body: any }> {
  const block = page.locator(`[id$="-${operation}"]`);
  await page.locator('.operation-filter-input').fill(operation);
  if (!(await block.isVisible())) await page.locator('.opblock-tag').first().click();
  await block.locator('.opblock-summary-control').click();
  await block.getByRole('button', { name: 'Try it out' }).click();
  for (const [name, value] of Object.entries(parameters)) await block.getByPlaceholder(name).fill(value);
  if (body) await block.locator('textarea').fill(JSON.stringify(body));
  await block.getByRole('button', { name: 'Execute' }).click();
  const answer = block.locator('.live-responses-table .response');
  const status = Number(await answer.locator('.response-col_status').innerText());
  return { status, body: JSON.parse(await answer.locator('.highlight-code code').first().innerText()) };
}

/** Swagger UI's "Authorize"; it remembers who was there before. */
export async function authorize(page: Page, token: string): Promise<void> {
  await page.locator('.auth-wrapper .authorize').click();
  const name = page.locator('code', { hasText: /^bearer$/ });
  const form = page.locator('.auth-container', { has: name });
  await form.waitFor();
  const logout = form.getByText('Logout');
  if (await logout.isVisible()) await logout.click();
  await form.locator('input').fill(token);
  await form.locator('.auth-btn-wrapper .authorize').click();
  await form.locator('.auth-btn-wrapper .btn-done').click();
}
