// @vitest-environment happy-dom
import { render } from 'preact';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { LoginRow } from '../../../components/popup/LoginRow.tsx';
import { useClipboard } from '../../../components/popup/clipboard.ts';
import type { LoginRecord } from '../../../utils/records/login.ts';
import { refuse } from '../../../utils/keeper/status/refusal.ts';
import type { Answer } from '../../../utils/messages/protocol.ts';
import { greenLogin } from '../../sample-login.ts';
import { opening, sentence, sentenceFor } from '../../sentence.ts';
import { atTime } from '../../../utils/words/time.ts';
import {
  button,
  click,
  description,
  field,
  green,
  MINUTE,
  NOW,
  send,
  settle,
  show,
  words,
} from './page.ts';

const ask = vi.hoisted(() => vi.fn<(what: string, input: unknown) => Promise<Answer>>());
vi.mock('../../../utils/messages/protocol.ts', () => ({ ask }));
const requestHosts = vi.hoisted(() => vi.fn<(host: string) => Promise<boolean>>());
vi.mock('../../../utils/platform/request-host.ts', () => ({ requestHosts }));

const token = { accessToken: 'the-access-token', mdAccessToken: 'the-md-token' };
const openVault = () => Promise.resolve(vault);
const vault = { token: vi.fn(() => Promise.resolve(token)), note: vi.fn(() => Promise.resolve()) };
const writeText = vi.fn<(text: string) => Promise<void>>();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: NOW });
  vi.clearAllMocks();
  ask.mockResolvedValue({ ok: true });
  writeText.mockResolvedValue();
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
  return () => void vi.useRealTimers();
});

/** Lets `ms` pass, second by second, with the renders in between. */
async function pass(ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 1_000) {
    await vi.advanceTimersByTimeAsync(1_000);
    await settle();
  }
}

function Row({ login, others = [] }: { login: LoginRecord; others?: LoginRecord[] }) {
  const clipboard = useClipboard(openVault);
  return (
    <LoginRow login={login} logins={[login, ...others]} now={NOW} clipboard={clipboard} alone />
  );
}

async function open(over: Partial<LoginRecord> = {}): Promise<HTMLElement> {
  const root = show(list(over));
  await settle();
  return root;
}

/** The open row gets another record. */
async function becomes(root: HTMLElement, over: Partial<LoginRecord>): Promise<void> {
  render(list(over), root);
  await settle();
}

const list = (over: Partial<LoginRecord>) => (
  <ul>
    <Row login={green(over)} />
  </ul>
);

const ago = (minutes: string) => sentence('time_minutesAgo', { minutes });
const RECONNECT = sentence('popup_reconnect');
const RENEW = sentence('popup_renew');
const PAUSE = sentence('popup_pauseKeeping');
const COPY_TOKEN = sentence('popup_copyToken');
const COPY = sentence('popup_copy');
const WHICH = sentence('popup_which');
const CANCEL = sentence('popup_cancel');
const YIELD = sentence('popup_yield');
const YIELD_TAB = sentence('popup_yieldTab');
const allow = (host: string) => sentence('popup_allow', { host });

const failure = { kind: 'broker-error', at: NOW, during: 'renewal', said: 'Try later' } as const;

const PLACE = sentence('place_ofBrand', { brand: 'Tradovate', place: sentence('place_demo') });

describe('what a row says', () => {
  test('green: time left, proof, next renewal, sessions', async () => {
    await open();
    expect(words()).toContain('Connected');
    expect(words()).toContain(PLACE);
    expect(words()).toContain(
      sentence('popup_left', { duration: sentence('time_minutes', { minutes: '58' }) }),
    );
    expect(words()).toContain(sentence('popup_provenRenewal', { ago: ago('2') }));
    expect(words()).toContain(sentence('popup_sessionsInUse', { allowed: '2', known: '1' }));
    expect(words()).toContain(`${sentence('popup_nextRenewal')}14:43:00`);
  });

  test('yellow: cause, when it is tried again, and the broker’s words', async () => {
    await open({ failure, failures: 1, retryAt: NOW + 90_000 });
    expect(words()).toContain('Reconnecting');
    expect(words()).toContain('The broker has a fault of its own.');
    expect(words()).toContain('Try later');
    expect(words()).toContain(opening('why_healsAt'));
    expect(words()).toContain(sentence('popup_notChecked', { time: '13:58' }));
  });

  test('yellow in the broker’s maintenance: when it is expected to be over', async () => {
    // A Monday, 16:10 in Chicago.
    const at = Date.UTC(2026, 10, 23, 22, 10);
    const unanswered = { ...failure, kind: 'no-answer', at } as const;
    show(
      <LoginRow
        login={greenLogin(at, { failure: unanswered, failures: 1, retryAt: at + 90_000 })}
        logins={[]}
        now={at}
        clipboard={{
          last: null,
          say: () => undefined,
          openVault: () => Promise.reject(new Error('never asked')),
        }}
        alone
      />,
    );
    await settle();
    expect(words()).toContain('these are its maintenance hours');
    expect(words()).toContain(
      sentence('why_overAt', { time: atTime(Date.UTC(2026, 10, 23, 23), at) }),
    );
  });

  test('a web login that may be of another user is counted apart', async () => {
    const web = { tabId: 1, host: 'trader.tradovate.com', openedAt: NOW, seenAt: NOW };
    const kim = greenLogin(NOW, { id: 'kim', userName: 'kim' });
    const root = await open();
    render(
      <ul>
        <Row login={green({ webSessions: [web] })} others={[kim]} />
      </ul>,
      root,
    );
    await settle();
    expect(words()).toContain(sentence('popup_sessionsInUse', { allowed: '2', known: '1' }));
    expect(words()).toContain(sentenceFor('popup_sessionsPerhaps', 1));
    expect(words()).toContain(sentence('popup_sessionsFull'));
  });

  test('red: the end, without a token time that no longer counts', async () => {
    await open({ end: { at: NOW - 5 * MINUTE, cause: 'evicted' } });
    expect(words()).toContain('Disconnected');
    expect(words()).toContain(sentence('popup_since', { time: '13:55' }));
    expect(words()).toContain('another sign-in closed this session');
    expect(words()).toContain(sentence('why_likely'));
    expect(words()).not.toContain(sentence('popup_tokenEnds'));
    expect(words()).not.toContain(COPY_TOKEN);
  });

  test('gray: token expired', async () => {
    await open({ end: { at: NOW, cause: 'expired' } });
    expect(words()).toContain('Token expired');
  });

  test('each state has a shape of its own', async () => {
    const shapes = new Set<string>();
    const overs: Partial<LoginRecord>[] = [
      {},
      { failure, failures: 1 },
      { end: { at: NOW, cause: 'evicted' } },
      { end: { at: NOW, cause: 'expired' } },
    ];
    for (const over of overs) {
      const root = await open(over);
      shapes.add(root.querySelector('svg.mark')?.innerHTML ?? '');
    }
    expect(shapes.size).toBe(4);
  });
});

describe('what the broker says of the user', () => {
  const ending = { userStatus: 'Active', passwordExpiresAt: NOW + 50 * 60 * MINUTE };

  const line = () => document.querySelector('.row-line')?.textContent;

  test('nothing, of most', async () => {
    await open({ userStatus: 'Active', passwordExpiresAt: NOW + 90 * 24 * 60 * MINUTE });
    expect(words()).not.toMatch(/password/i);
    expect(document.querySelector('.warning')).toBeNull();
  });

  test('a password that ends: short in the row, in full among the facts, and green as before', async () => {
    await open(ending);
    expect(line()).toBe(`Connected, ${PLACE}, password ends on Monday`);
    expect(words()).toContain(
      sentence('user_password') +
        sentence('user_passwordEnds', {
          time: sentence('time_onDay', { day: 'Mon 23 Nov', time: '16:00' }),
        }),
    );
    expect(words()).toContain(sentence('user_newPasswordBefore'));
    expect(document.querySelector('.row')?.getAttribute('data-state')).toBe('connected');
  });

  test('a password that has ended', async () => {
    await open({ passwordExpiresAt: NOW - 30 * MINUTE });
    expect(line()).toContain('password ended on 21 Nov');
    expect(words()).toContain(sentence('user_newPassword'));
  });

  test('a user that is not as it should be comes first', async () => {
    await open({ ...ending, userStatus: 'TemporaryLocked' });
    expect(line()?.endsWith(`, ${sentence('user_needsHand')}`)).toBe(true);
    expect(words()).toContain('UserThe broker has locked this user for the moment. Wait, or ask');
  });

  test('the firm, and the accounts with their environment', async () => {
    await open({ organisation: 'Sample Firm', accounts: ['DEMO1', 'DEMO2'] });
    expect(line()).toContain(
      sentence('place_ofFirm', { firm: 'Sample Firm', place: sentence('place_demo') }),
    );
    expect(words()).toContain(
      sentence('popup_accounts') +
        sentence('popup_accountsDemo', { accounts: 'DEMO1, DEMO2', n: '2' }),
    );
  });
});

describe('a host that the browser does not let Holdfast call', () => {
  const host = 'demo-of-a-firm.tradovateapi.com';
  const named = { hosts: { demo: host }, deniedHosts: [host] };
  const moved = {
    ...named,
    failure: { kind: 'host-moved', at: NOW, during: 'renewal', status: 307 },
  } as const;

  test('named while the old one still answers: green, and what it is about', async () => {
    await open(named);
    expect(words()).toContain('Connected');
    expect(words()).toContain(`The broker now names ${host}`);
    expect(button(allow(host)).classList).toContain('primary');
  });

  test('named by a broker that has moved the login: one thing to do', async () => {
    await open(moved);
    expect(words()).toContain('Reconnecting');
    expect(words()).toContain('The broker has moved this login to another host.');
    expect(words()).toContain(`Allow Holdfast to call ${host}`);
    expect(document.querySelectorAll('.primary')).toHaveLength(1);
  });

  test('the broker’s own, taken away by the person', async () => {
    await open({ deniedHosts: ['demo.tradovateapi.com'] });
    expect(words()).toContain('Reconnecting');
    expect(words()).toContain('does not let Holdfast talk to the broker');
    button(allow('demo.tradovateapi.com'));
  });

  test('is asked for by the click itself, alone', async () => {
    requestHosts.mockReturnValue(new Promise(() => undefined));
    await open(moved);
    // Later than in the click, the browser would refuse to ask.
    button(allow(host)).click();
    expect(requestHosts.mock.calls).toEqual([[host]]);
    await settle();
    expect(button(allow(host)).getAttribute('aria-busy')).toBe('true');
  });

  test('allowed: said, and the rest comes from the background', async () => {
    requestHosts.mockResolvedValue(true);
    const root = await open(moved);
    button(allow(host)).focus();
    await click(allow(host));
    expect(words()).toContain(sentence('popup_allowed'));
    await becomes(root, { hosts: { demo: host } });
    expect(words()).not.toContain(allow(host));
    expect(document.activeElement?.classList).toContain('row-header');
  });

  test.each([
    ['refused', () => Promise.resolve(false)],
    ['not even asked', () => Promise.reject(new Error('no click'))],
  ])('%s: nothing is lost, and it says so', async (_, answer) => {
    requestHosts.mockImplementation(answer);
    await open(moved);
    await click(allow(host));
    expect(words()).toContain(sentence('popup_notAllowed'));
    button(allow(host));
  });
});

describe('pausing', () => {
  test('says what will happen and asks first', async () => {
    await open();
    await click(PAUSE);
    const panel = document.querySelector('.panel');
    expect(document.activeElement).toBe(panel);
    expect(description(panel as HTMLElement)).toBe(sentence('popup_pauseAbout', { time: '14:58' }));
    expect(ask).not.toHaveBeenCalled();
    await click(CANCEL);
    expect(ask).not.toHaveBeenCalled();
    expect(document.activeElement?.textContent).toBe(PAUSE);

    await click(PAUSE);
    await click(sentence('popup_pause'));
    expect(ask).toHaveBeenCalledExactlyOnceWith('pauseKeeping', { loginId: green().id });
    expect(document.querySelector('[role=status]')?.textContent).toBe(sentence('popup_pausedNow'));
  });

  test('of a login with a refresh token says that the session would be a new one', async () => {
    await open({ refresh: { until: NOW + 60 * MINUTE, retryAt: null } });
    await click(PAUSE);
    expect(words()).toContain(sentence('popup_pauseAboutRefresh', { time: '14:58' }));
  });

  test('Escape closes the question and gives the focus back', async () => {
    await open();
    await click(PAUSE);
    document
      .querySelector('.panel')
      ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await settle();
    expect(document.querySelector('.panel')).toBeNull();
    expect(document.activeElement?.textContent).toBe(PAUSE);
  });
});

describe('copying the token', () => {
  test('asks first, and the token never enters the page', async () => {
    await open();
    await click(COPY_TOKEN);
    expect(words()).toContain(sentence('popup_copyWarningUntil', { time: '14:58' }));
    expect(vault.token).not.toHaveBeenCalled();

    await click(COPY);
    expect(writeText).toHaveBeenCalledExactlyOnceWith('the-access-token');
    expect(vault.note).toHaveBeenCalledExactlyOnceWith({
      at: NOW,
      loginId: green().id,
      what: 'token copied',
      part: 'access',
    });
    expect(document.documentElement.innerHTML).not.toContain('the-access-token');
    expect(words()).toContain(sentence('popup_copiedAccess', { time: '14:01:00' }));
  });

  test('says "emptied" only when the browser did it', async () => {
    await open();
    await click(COPY_TOKEN);
    await click(COPY);
    expect(words()).not.toContain(sentence('popup_emptied'));
    await vi.advanceTimersByTimeAsync(60_000);
    await settle();
    expect(writeText).toHaveBeenLastCalledWith('');
    expect(words()).toContain(sentence('popup_emptied'));

    await click(COPY_TOKEN);
    await click(COPY);
    writeText.mockRejectedValueOnce(new Error('not focused'));
    await vi.advanceTimersByTimeAsync(60_000);
    await settle();
    expect(words()).toContain(sentence('popup_notEmptied'));
    expect(words()).not.toContain(sentence('popup_emptied'));
  });

  test('a refused copy notes nothing', async () => {
    await open();
    writeText.mockRejectedValueOnce(new Error('no'));
    await click(COPY_TOKEN);
    await click(COPY);
    expect(document.querySelector('[role=alert]')?.textContent).toBe(
      sentence('popup_copyNotAllowed'),
    );
    expect(vault.note).not.toHaveBeenCalled();
  });
});

describe('reconnecting', () => {
  const refused = refuse('wrong-credentials', { said: 'Incorrect username or password' });
  const ended: Partial<LoginRecord> = { end: { at: NOW, cause: 'evicted' } };

  test('asks for the password, and for the secret only when it is not kept', async () => {
    await open({ ...ended, keepsSecret: true });
    await click(RECONNECT);
    expect(document.querySelector('input[name=secret]')).toBeNull();
    field('password').value = 'pw';
    await send();
    expect(ask).toHaveBeenCalledExactlyOnceWith('reconnect', {
      loginId: green().id,
      password: 'pw',
    });
  });

  test('a kept secret that is refused is asked for after all', async () => {
    await open({ ...ended, keepsSecret: true });
    await click(RECONNECT);
    field('password').value = 'pw';
    ask.mockResolvedValueOnce(refuse('app-not-registered'));
    await send();
    expect(document.activeElement).toBe(field('secret'));
    expect(field('password').value).toBe('pw');
  });

  test('a refusal lands at the password, which alone is emptied', async () => {
    await open(ended);
    await click(RECONNECT);
    field('password').value = 'pw';
    field('secret').value = 's3cret';
    ask.mockResolvedValueOnce(refused);
    await send();
    expect(field('password').getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(field('password'));
    expect(field('password').value).toBe('');
    expect(field('secret').value).toBe('s3cret');
    expect(document.querySelector('[role=alert]')?.textContent).toContain(
      'does not accept this user name and password.',
    );
  });

  test('a wait counts down, then the ticket goes along', async () => {
    await open(ended);
    await click(RECONNECT);
    field('password').value = 'pw';
    field('secret').value = 's';
    ask.mockResolvedValueOnce({ ...refused, why: 'penalty', waitMs: 3_000, ticket: 't1' });
    await send();
    expect(button('Try again in 3 s').getAttribute('aria-disabled')).toBe('true');
    await send();
    expect(ask).toHaveBeenCalledTimes(1);
    await pass(1_000);
    expect(button('Try again in 2 s').getAttribute('aria-disabled')).toBe('true');
    await pass(2_000);
    expect(button('Sign in').getAttribute('aria-disabled')).toBeNull();
    await send();
    expect(ask).toHaveBeenLastCalledWith('reconnect', {
      loginId: green().id,
      password: 'pw',
      secret: 's',
      ticket: 't1',
    });
  });

  test('after it the row says no more than that it signed in', async () => {
    await open({ ...ended, keepsSecret: true });
    await click(RECONNECT);
    field('password').value = 'pw';
    await send();
    expect(document.querySelector('.outcome')?.textContent).toBe(sentence('popup_signedIn'));
    expect(document.querySelector('form')).toBeNull();
  });

  test('a row that heals by itself takes its form and its opener along', async () => {
    const root = await open({ failure, failures: 1 });
    await click(RECONNECT);
    field('password').focus();
    await becomes(root, {});
    expect(document.querySelector('form')).toBeNull();
    expect(document.activeElement).toBe(document.querySelector('.row-header'));

    await becomes(root, { failure, failures: 1 });
    button(RECONNECT).focus();
    await becomes(root, {});
    expect(document.activeElement).toBe(document.querySelector('.row-header'));
  });

  test('a form whose sign-in is under way stays until the answer', async () => {
    const root = await open({ ...ended, keepsSecret: true });
    await click(RECONNECT);
    field('password').value = 'pw';
    let answer: (value: Answer) => void = () => undefined;
    ask.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    await send();
    await becomes(root, { keepsSecret: true });
    expect(document.querySelector('form')).not.toBeNull();
    answer({ ok: true });
    await settle();
    expect(document.querySelector('form')).toBeNull();
    expect(words()).toContain(sentence('popup_signedIn'));
  });

  test('silence of the background part is said in words', async () => {
    await open(ended);
    await click(RECONNECT);
    field('password').value = 'pw';
    field('secret').value = 's';
    ask.mockRejectedValueOnce(new Error('Extension context invalidated.'));
    await send();
    expect(document.querySelector('[role=alert]')?.textContent).toContain(
      'background part did not answer',
    );
    expect(field('password').value).toBe('pw');
  });
});

test('a call under way switches the buttons off without removing them', async () => {
  await open({ call: { kind: 'renewal', since: NOW, until: NOW + 12_000 } });
  expect(button(RENEW).getAttribute('aria-disabled')).toBe('true');
  expect(button(RENEW).getAttribute('aria-busy')).toBe('true');
  await click(RENEW);
  expect(ask).not.toHaveBeenCalled();
});

test('a renewal that finds the session dead leaves the focus on the row', async () => {
  const root = await open();
  button(RENEW).focus();
  await becomes(root, { end: { at: NOW, cause: 'evicted' } });
  expect(words()).not.toContain(RENEW);
  expect(document.activeElement).toBe(document.querySelector('.row-header'));
});

test('a focus elsewhere stays there', async () => {
  const root = await open();
  const other = document.body.appendChild(document.createElement('button'));
  other.focus();
  await becomes(root, { end: { at: NOW, cause: 'evicted' } });
  expect(document.activeElement).toBe(other);
});

describe('the sessions', () => {
  const webSessions = [
    { tabId: 3, host: 'trader.tradovate.com', openedAt: NOW - MINUTE, seenAt: NOW - MINUTE },
  ];

  test('are listed on request, the one at risk marked, with the reasons', async () => {
    await open({ webSessions });
    await click(WHICH);
    await settle();
    const lines = [...document.querySelectorAll('.sessions li')].map((line) => line.textContent);
    expect(lines).toEqual([
      'Kept by Holdfast at risk since 12:20',
      'Web login at trader.tradovate.com  since 13:59',
    ]);
    expect(words()).toContain('Signing in as APEX-3 would close the session that Holdfast opened');
    expect(words()).toContain('the oldest is closed');
  });

  test('say before a Reconnect what that would close', async () => {
    await open({
      slots: 1,
      webSessions,
      end: { at: NOW, cause: 'evicted' },
    });
    await click(RECONNECT);
    await settle();
    expect(words()).toContain('would close the web login at trader.tradovate.com');
  });

  test('say before a Reconnect that there is room', async () => {
    await open({ end: { at: NOW, cause: 'evicted' } });
    await click(RECONNECT);
    await settle();
    expect(words()).toContain(sentence('sessions_room'));
  });
});

describe('a tug-of-war', () => {
  const lost: Partial<LoginRecord> = {
    end: { at: NOW, cause: 'evicted' },
    lastWebLogin: { at: NOW - 1_000, host: 'trader.tradovate.com', survived: false },
    losses: [NOW - 5 * MINUTE, NOW],
    webSessions: [{ tabId: 3, host: 'trader.tradovate.com', openedAt: NOW, seenAt: NOW }],
  };

  test('suggests to yield, not to reconnect', async () => {
    await open(lost);
    expect(words()).toContain('seem to close each other’s session');
    expect(button(YIELD).className).toContain('primary');
    expect(button(RECONNECT).className).not.toContain('primary');
    await click(YIELD_TAB);
    await settle();
    expect(ask).toHaveBeenLastCalledWith('yieldKeeping', { loginId: green().id, until: 'tab' });
    await click(YIELD);
    await settle();
    expect(ask).toHaveBeenLastCalledWith('yieldKeeping', { loginId: green().id, until: 'time' });
  });

  test('has no tab to wait for when that is closed', async () => {
    const webSessions = (lost.webSessions ?? []).map((web) => ({ ...web, left: true as const }));
    await open({ ...lost, webSessions });
    expect(words()).not.toContain(YIELD_TAB);
  });

  test('while Holdfast yields, says when that ends', async () => {
    await open({ ...lost, pausedAt: NOW, yield: { until: NOW + 15 * MINUTE, tabId: null } });
    expect(words()).toContain(sentence('why_overAtYield', { time: '14:15:00' }));
    expect(button(RECONNECT).className).not.toContain('primary');
    button(sentence('popup_resume'));
  });
});

test('opened to reconnect a login, shows its form', async () => {
  const login = green({ end: { at: NOW, cause: 'evicted' } });
  function Wanted() {
    const clipboard = useClipboard(openVault);
    return <LoginRow login={login} logins={[login]} now={NOW} clipboard={clipboard} reconnecting />;
  }
  show(<Wanted />);
  await settle();
  expect(document.activeElement).toBe(field('password'));
});
