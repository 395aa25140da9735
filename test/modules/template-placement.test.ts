import * as fc from 'fast-check';
import { AccountWordings1795219200200 } from '../../migrations/1795219200200-account-wordings';
import { ValidationFailed } from '../../src/kit/problem';
import { compile } from '../../src/mail/templates/email';
import { casesIn, requireSound } from '../../src/mail/templates/sound';
import { systemTemplateOf, systemTemplates } from '../../src/mail/templates/system-template';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

type Listed = { key: string; about: string; required: string[]; links: string[]; subject: string; html: string };

const TEMPLATES = '/messages/templates';
const EVIL = 'https://evil.example/';

/** Where somebody else would get the link, or a reader would not see it. `@` is the link. */
const ELSEWHERE = [
  `<a href="${EVIL}#@">Go</a>`,
  `<a href="${EVIL}?next=@">Go</a>`,
  '<a href="@.evil.example">Go</a>',
  '<a href=" @">Go</a>',
  '<a href="@"></a>',
  '<a href="@"><span style="display:none">Go</span></a>',
  `<a href="${EVIL}">@</a>`,
  `<a href="${EVIL}"><b>Go to @ now</b></a>`,
  `<a href="${EVIL}"><span><a href="@">Go</a></span></a>`,
  `<a href="${EVIL}" title="@">Go</a>`,
  `<a href="${EVIL}" ping="@">Go</a>`,
  `<img src="${EVIL}?@">`,
  '<img src="@">',
  `<img src="${EVIL}x.png" alt="@">`,
  `<img src="${EVIL}x.png" srcset="${EVIL}?@ 2x">`,
  `<p style="background:url(${EVIL}?@)">x</p>`,
  '<p style="color:@">x</p>',
  '<p dir="@">x</p>',
  '<p data-url="@">x</p>',
  '<p @="x">x</p>',
  '<@>x</p>',
  '<!-- @ -->',
  '<!-- <a href="@">Go</a> -->',
  `<style>p{background:url(${EVIL}?@)}</style>`,
  '<script>go("@")</script>',
  '<base href="@">',
  `<base href="${EVIL}?@">`,
  '<form action="@"><button>Go</button></form>',
  '<iframe src="@"></iframe>',
  '<object data="@"></object>',
  '<link rel="prefetch" href="@">',
  '<meta http-equiv="refresh" content="0;url=@">',
  '<svg><image href="@" /></svg>',
  '<video poster="@"></video>',
  '<textarea>@</textarea>',
  '<p style="display:none">@</p>',
  '<p style="display: none !important">@</p>',
  '<p style="font-size:0px"> @ </p>',
  '<div style="font-size:.0em"><p><a href="@">Go</a></p></div>',
  `<p>${EVIL}?@</p>`,
  `<p>evil.example/<b>@</b></p>`,
  `<p>${EVIL}?<!-- -->@</p>`,
  `<p>${EVIL}?<u> </u><style> </style>@x</p>`,
  `<p>${EVIL}?<span style="display:none"> </span>@</p>`,
  `<p style="display:inline">${EVIL}?</p>@`,
  `<p style="display:inline">${EVIL}?</p><p style="display:inline">@</p>`,
  `<p>${EVIL}?\ufeff@</p>`,
  '<p>@/../evil</p>',
];

const IN_PLACE = [
  '<a href="@">Go</a>',
  "<a href='@' style='color:#fff;font-size:20px'><b>Go</b></a>",
  '<a href=@>Go</a>',
  `<a href="@"><img src="https://acme.example/go.png" alt="Go"></a>`,
  '<p>@</p>',
  'Go to<br>@<br>now',
  '<table><tr><td>Here:</td><td>@</td></tr></table>',
  '<p>Here: <b>@</b>.</p>',
  '<p>(<a href="@">@</a>)</p>',
  '<code>&lt;@&gt;</code>',
  '<p style="font-size:10px">Or copy @</p>',
];

const TEXT_ELSEWHERE = [
  `${EVIL}?@`,
  'evil.example/@',
  'evil.example@',
  '@.evil.example',
  '@@',
  `${EVIL}?{{! }}@`,
  `${EVIL}\ufeff@`,
];
const TEXT_IN_PLACE = ['Here: @', '@', 'Go to\n@\nnow.', 'Go <@>', 'Go "@" now', '(@).'];

describe("in an organization's words for mails of the system", () => {
  let house: House;
  let owner: Visitor;
  let ours: Listed[];
  let theirs: Listed[];

  beforeAll(async () => {
    house = await House.open();
    owner = await house.owner({ name: 'Ada', organizationName: 'Acme' });
    const { data } = (await owner.get('/messages/system-templates')).expect(200);
    ours = data.filter(({ about }: Listed) => about === 'account');
    theirs = data.filter(({ about }: Listed) => about === 'organization');
  });
  afterAll(() => house.close());

  const faultsOf = async (template: object): Promise<string[]> => {
    const answer = await owner.post(TEMPLATES, { locale: 'fr', ...template });
    if (answer.status === 201) (await owner.delete(`${TEMPLATES}/${answer.body.id}`)).expect(204);
    if (answer.status === 201) return [];
    return answer.problem(422, 'validation-failed').errors.map((one: { pointer: string }) => one.pointer);
  };
  /** Words that show all that they must, and the links as text by themselves. */
  const plain = ({ required }: Listed) => required.map((name) => `{{${name}}}`).join('\n');
  const each = async (wanted: string[], templates: (one: Listed) => { said: string; template: object }[]) => {
    for (const { said, template } of theirs.flatMap(templates))
      expect([said, await faultsOf(template)]).toEqual([said, wanted]);
  };
  const withLink = (pieces: string[], place: (one: Listed, piece: string) => object) => (one: Listed) =>
    one.links.flatMap((name) =>
      pieces.map((piece) => {
        const there = piece.replaceAll('@', `{{${name}}}`);
        return {
          said: `${one.key}: ${there}`,
          template: { key: one.key, subject: 'x', text: plain(one), ...place(one, there) },
        };
      }),
    );

  test('the mails about an account are those, and no words replace one', async () => {
    expect(ours.map(({ key }) => key).sort()).toEqual([
      'account-deleted',
      'account-exists',
      'account-handed-over',
      'attention-digest',
      'login-alert',
      'login-alerts-changed',
      'magic-link',
      'password-changed',
      'reset-password',
      'session-ended',
      'social-linked',
      'social-refused',
      'social-unlinked',
      'step-up-code',
      'verify-email',
    ]);
    expect(theirs.map(({ key }) => key).sort()).toEqual([
      'invite',
      'invite-renewed',
      'notification',
      'payment-confirmed',
      'receipt',
      'waitlist-confirmation',
    ]);
    for (const one of ours)
      expect([one.key, await faultsOf({ key: one.key, subject: one.subject, text: plain(one) || 'x' })]).toEqual([
        one.key,
        ['#/key'],
      ]);
  });

  test('a link stands nowhere but as a whole address or by itself: HTML', async () => {
    await each(
      ['#/html'],
      withLink(ELSEWHERE, (one, piece) => ({ html: `<p>${plain(one)}</p>${piece}` })),
    );
    await each(
      [],
      withLink(IN_PLACE, (one, piece) => ({ html: `<p>${plain(one)}</p>${piece}` })),
    );
    await each(
      [],
      withLink(IN_PLACE, (_, html) => ({ html })),
    );
  });

  test('a link stands nowhere but by itself: text', async () => {
    await each(
      ['#/text'],
      withLink(TEXT_ELSEWHERE, (one, piece) => ({ text: `${plain(one)}\n${piece}` })),
    );
    await each(
      [],
      withLink(TEXT_IN_PLACE, (_, text) => ({ text })),
    );
  });

  test('a subject holds no link, ours or another', async () => {
    for (const subject of [
      '{{organization}} {{url}}',
      `Your account is blocked, see ${EVIL}`,
      'See evil.example',
      'www.{{role}}',
    ])
      expect([subject, await faultsOf({ key: 'invite', subject, text: '{{url}}' })]).toEqual([subject, ['#/subject']]);
  });

  test('what the mail is good for is shown in every case, in the text and in the HTML', async () => {
    const hidden = (shown: string): [text: string, html: string][] => [
      ['x', 'x'],
      [`{{! ${shown} }}`, `<!-- ${shown} -->`],
      ['x', `<p style="display:none">${shown}</p>`],
      ['x', `<style>${shown}</style>`],
      ['x', `<p title="${shown}">x</p>`],
    ];
    await each(['#/text'], (one) =>
      one.required.map((name) => ({
        said: `${one.key}: text without ${name}`,
        template: {
          key: one.key,
          subject: 'x',
          text: plain({ ...one, required: one.required.filter((other) => other !== name) }) || 'x',
        },
      })),
    );
    await each(['#/html'], (one) =>
      one.required.flatMap((name) =>
        hidden(`{{${name}}}`).map(([, html]) => {
          const rest = plain({ ...one, required: one.required.filter((other) => other !== name) });
          return {
            said: `${one.key}: ${html}`,
            template: { key: one.key, subject: 'x', text: plain(one), html: `${rest}${html}` },
          };
        }),
      ),
    );
    for (const section of [
      '{{#late}}{{url}}{{/late}}',
      '{{^late}}{{url}}{{/late}}',
      '{{#named}}{{^late}}{{url}}{{/late}}{{/named}}',
    ])
      expect(await faultsOf({ key: 'invite', subject: 'x', text: section })).toEqual(['#/text']);
    expect(
      await faultsOf({ key: 'invite', subject: 'x', text: '{{#late}}Late: {{url}}{{/late}}{{^late}}{{url}}{{/late}}' }),
    ).toEqual([]);
  });

  test('words that were stored before are passed over: the mail goes out in ours', async () => {
    const { id } = (await owner.post(TEMPLATES, { key: 'invite', subject: 'Theirs', text: '{{url}}' })).expect(201);
    const invited = async () => {
      const email = freshAddress('guest');
      (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
      return (await house.mailTo(email))!;
    };
    expect((await invited()).subject).toBe('Theirs');
    await house.query('UPDATE email_templates SET html = ? WHERE id = ?', [
      `<a href="${EVIL}#{{url}}">x</a> {{url}}`,
      id,
    ]);
    const mail = await invited();
    expect(mail.subject).toBe('Ada invites you to join Acme');
    expect(mail.html).not.toContain('evil.example');
    expect(house.log.join('')).toContain("An organization's template cannot be used.");
    (await owner.delete(`${TEMPLATES}/${id}`)).expect(204);
  });

  test('what a value makes of the words around a link is judged when the mail is written', async () => {
    const words = { key: 'invite', subject: 'Theirs', text: '{{url}}', html: `<p><{{role}} ${EVIL}>{{url}}</p>` };
    const { id } = (await owner.post(TEMPLATES, words)).expect(201); // an element without a meaning, unless a role is called 1
    const invited = async (role: string) => {
      (await owner.post('/organizations/:org/roles', { name: role, permissions: [] })).expect(201);
      const email = freshAddress('guest');
      (await owner.post('/organizations/:org/invites', { email, role })).expect(201);
      return (await house.mailTo(email))!.subject;
    };
    expect(await invited('Scout')).toBe('Theirs');
    expect(await invited('1')).toBe('Ada invites you to join Acme');
    (await owner.delete(`${TEMPLATES}/${id}`)).expect(204);
  });

  test.each(['reset-password', 'magic-link', 'login-alert'])(
    'words that were stored before for %s have no effect, and go with the migration',
    async (key) => {
      const words = { key: 'mine', subject: 'Theirs', text: 'x', html: `<a href="${EVIL}">x</a>` };
      const { id } = (await owner.post(TEMPLATES, words)).expect(201);
      await house.query('UPDATE email_templates SET `key` = ?, text = ? WHERE id = ?', [key, `${EVIL}{{url}}`, id]);
      const visitor = house.visitor();
      const { email } = owner.user;
      if (key === 'reset-password') (await visitor.post('/auth/reset-password', { email })).expect(202);
      if (key === 'magic-link') (await visitor.post('/auth/magic-link', { email })).expect(202);
      if (key === 'login-alert') await visitor.signIn(email);
      for (const mail of await house.mailsTo(email)) {
        expect(mail.subject).not.toBe('Theirs');
        expect(`${mail.html} ${mail.text}`).not.toContain('evil.example');
      }
      const runner = house.source.createQueryRunner();
      await new AccountWordings1795219200200().up(runner).finally(() => runner.release());
      (await owner.get(`${TEMPLATES}/${id}`)).problem(404, 'not-found');
    },
  );
});

test('the words of the platform are held to the same', async () => {
  for (const template of systemTemplates()) await requireSound(template, template.wordingIn(['en']).wording);
});

test('whatever stands around it, a link is never a part of anything in the mail that is sent', async () => {
  const template = systemTemplateOf('invite')!;
  const url = 'https://app.example.com/?a=1&token=S3CRET';
  const tags =
    '<a href=",<a href=,<img src=",</a>,<p>,</p>,<p style="display:inline">,<b>,</b>,<!--,-->,<style>,</style>';
  const others = [
    '{{url}}',
    '{{url}}',
    '{{role}}',
    '{{#late}}',
    '{{/late}}',
    ' ',
    '\n',
    'x',
    '"',
    "'",
    '>',
    '<',
    '&lt;',
    EVIL,
  ];
  const piece = fc.constantFrom(...others, ...tags.split(','));
  const value = fc.constantFrom(`" src=${EVIL}`, `x href=${EVIL}`, '1', '!--', '/a', EVIL, '');
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 14 }), value, async (pieces, role) => {
      const wording = { subject: 'x', text: '{{url}}', html: pieces.join('') };
      const values = { ...template.examples, url, role };
      const judged = requireSound(template, wording).then(() =>
        requireSound(template, wording, casesIn(template, values)),
      );
      const refused = await judged.then(
        () => false,
        (error: unknown) => error instanceof ValidationFailed || Promise.reject(error),
      );
      if (refused) return;
      const { html } = await compile(wording, template.variables)(values);
      const left = html.replaceAll(`href="${url.replace('&', '&amp;')}"`, '');
      expect(left).not.toMatch(/<[^>]*S3CRET/);
      expect(left).not.toMatch(/<a href="https:\/\/evil[^>]*>(?:(?!<\/a>).)*S3CRET/s);
      expect(left.replaceAll(/<\/?b>/g, '').replaceAll(/<\/?p>/g, '\n')).not.toMatch(/evil\.example\/\S*S3CRET/);
    }),
    { numRuns: 3000 },
  );
});
