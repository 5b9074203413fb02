/* global URLSearchParams, WebSocket, clearInterval, clearTimeout, document, fetch, history, localStorage, location, navigator, sessionStorage, setInterval, setTimeout, window */
// A single-page web trader in plain script: sign-in, environment picker, a trading page that renews its own token.
// Renders late and anew like the React application it stands for.
(() => {
  const query = new URLSearchParams(location.search);
  const late = Number(query.get('late') ?? 150);
  const root = document.getElementById('root');
  const stateKey = 'api_authenticator_state';
  const sharedHosts = {
    live: 'live.tradovateapi.com',
    demo: 'demo.tradovateapi.com',
    mdLive: 'md.tradovateapi.com',
    mdDemo: 'md-demo.tradovateapi.com',
  };
  let renewal;
  let closeSockets = () => {};

  function h(tag, attributes, ...children) {
    const [name, space] = tag.split('@');
    const node = space
      ? document.createElementNS('http://www.w3.org/2000/svg', name)
      : document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
      else if (value !== false) node.setAttribute(key, value === true ? '' : value);
    }
    node.append(...children);
    return node;
  }

  const show = (node) => root.replaceChildren(node);
  const readState = () => JSON.parse(sessionStorage.getItem(stateKey) ?? 'null');
  const writeState = (state) => sessionStorage.setItem(stateKey, JSON.stringify(state));
  const go = (path) => {
    history.pushState({}, '', path);
    render();
  };

  function deviceId() {
    let id = localStorage.getItem('device-id');
    if (!id) {
      id = window.crypto.randomUUID();
      localStorage.setItem('device-id', id);
    }
    return id;
  }

  function adopt(reply, environment) {
    writeState({
      token: reply.accessToken,
      mdToken: reply.mdAccessToken ?? reply.accessToken,
      expiration: reply.expirationTime,
      userId: reply.userId,
      username: reply.name,
      environment,
      apiHosts: { ...sharedHosts, ...reply.apiHosts },
    });
  }

  // --- sign-in ---------------------------------------------------------------------------------------------------

  const typed = { name: '', password: '' };
  let message = '';
  let busy = false;
  let ticket;

  function loginForm() {
    const input = (id, label, type, key, autocomplete) => [
      h('label', { class: 'field MuiInputLabel-root', for: id }, label),
      h(
        'div',
        { class: 'MuiInputBase-root MuiOutlinedInput-root' },
        h('input', {
          id,
          type,
          autocomplete,
          class: 'MuiInputBase-input MuiOutlinedInput-input',
          value: typed[key],
          oninput: (event) => (typed[key] = event.target.value),
        }),
      ),
    ];
    return h(
      'main',
      { class: 'welcome MuiBox-root' },
      h(
        'form',
        { class: 'card MuiPaper-root MuiPaper-elevation', onsubmit: submit, novalidate: true },
        h('img', { class: 'mark', src: '/assets/mark.svg', alt: '' }),
        h('h1', {}, 'Sign in to trade'),
        h('p', { class: 'quiet' }, location.host),
        ...input('name-input', 'Username or email', 'text', 'name', 'username'),
        ...input('password-input', 'Password', 'password', 'password', 'current-password'),
        ...(ticket?.captcha
          ? [
              h(
                'label',
                { class: 'human' },
                h('input', { type: 'checkbox', id: 'human' }),
                ' I am a person',
              ),
            ]
          : []),
        h('p', { class: 'error', role: 'alert', hidden: message === '' }, message),
        h(
          'button',
          {
            type: 'submit',
            disabled: busy,
            class: 'MuiButtonBase-root MuiButton-root MuiButton-containedPrimary',
          },
          'Login',
        ),
        h('div', { class: 'or' }, 'or'),
        ...['Google', 'Apple'].map((provider) =>
          h(
            'button',
            {
              type: 'button',
              class: 'MuiButtonBase-root MuiButton-root social',
              onclick: () => void signInWith(provider),
            },
            `Continue with ${provider}`,
          ),
        ),
        h('p', { class: 'quiet' }, 'New here? Login help and sign-up are elsewhere.'),
      ),
    );
  }

  const environmentAsked = () => (query.get('env') === 'demo' ? 'demo' : 'live');

  // Another operation than with a password, without a form (FACTS.md §6); its name here is invented.
  async function signInWith(provider) {
    const environment = environmentAsked();
    try {
      const response = await fetch(
        `https://${sharedHosts[environment]}/v1/auth/socialtokenrequest`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ provider: provider.toLowerCase(), deviceId: deviceId() }),
        },
      );
      const reply = await response.json();
      if (reply.accessToken) {
        adopt(reply, environment);
        return go('/trading-mode');
      }
      message = reply.errorText ?? 'Sign-in failed.';
    } catch {
      message = 'The service cannot be reached.';
    }
    render();
  }

  async function submit(event) {
    event.preventDefault();
    busy = true;
    message = '';
    const human = document.getElementById('human')?.checked === true;
    render();
    const environment = environmentAsked();
    const request = {
      name: typed.name,
      password: typed.password,
      appId: 'tradovate_trader(web)',
      appVersion: '3.261114.0',
      deviceId: deviceId(),
      organization: '',
      locale: navigator.language,
      hibpCheck: true,
    };
    try {
      const response = await fetch(
        `https://${sharedHosts[environment]}/v1/auth/accesstokenrequest`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            ...request,
            ...(ticket ? { 'p-ticket': ticket.ticket } : {}),
            ...(human ? { 'p-captcha': 'made-up-answer' } : {}),
          }),
        },
      );
      const reply = await response.json();
      busy = false;
      ticket = undefined;
      if (reply['p-ticket']) {
        ticket = { ticket: reply['p-ticket'], captcha: reply['p-captcha'] === true };
        message = `Too many attempts. Try again in ${reply['p-time']} seconds.`;
        render();
      } else if (reply.accessToken) {
        adopt(reply, environment);
        typed.password = '';
        go('/trading-mode');
      } else {
        message = reply.errorText ?? 'Sign-in failed.';
        render();
      }
    } catch {
      busy = false;
      message = 'The service cannot be reached.';
      render();
    }
  }

  // --- environment picker ------------------------------------------------------------------------------------------

  function picker() {
    const pick = (environment) => () => {
      writeState({ ...readState(), environment });
      go('/trader');
    };
    const choice = (environment, title, text) =>
      h(
        'button',
        {
          type: 'button',
          class: 'tm MuiButtonBase-root',
          'data-environment': environment,
          onclick: pick(environment),
        },
        h('strong', {}, title),
        h('span', { class: 'quiet' }, text),
      );
    return h(
      'main',
      { class: 'welcome MuiBox-root' },
      h(
        'div',
        { class: 'card MuiPaper-root' },
        h('h1', {}, 'Choose your environment'),
        h('p', { class: 'quiet' }, readState()?.username ?? ''),
        choice('demo', 'Simulated Environment', 'Practice with made-up money'),
        choice('live', 'Live', 'Trade real accounts'),
      ),
    );
  }

  // --- trading page -------------------------------------------------------------------------------------------------

  function chart() {
    // A fixed pseudo-random walk: screenshots stay the same.
    let seed = 42;
    let y = 235;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const bars = [];
    for (let x = 10; x < 790; x += 12) {
      const open = y;
      y = Math.min(270, Math.max(30, y + (random() - 0.52) * 34));
      const up = y < open;
      bars.push(
        h('line@svg', {
          x1: x,
          x2: x,
          y1: Math.min(open, y) - random() * 14,
          y2: Math.max(open, y) + random() * 14,
          class: up ? 'up' : 'down',
        }),
        h('rect@svg', {
          x: x - 4,
          width: 8,
          y: Math.min(open, y),
          height: Math.max(2, Math.abs(y - open)),
          class: up ? 'up' : 'down',
        }),
      );
    }
    return h(
      'svg@svg',
      { class: 'chart', viewBox: '0 0 800 300', preserveAspectRatio: 'none' },
      ...bars,
    );
  }

  const table = (head, rows) =>
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...head.map((text) => h('th', {}, text)))),
      h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map((text) => h('td', {}, text))))),
    );

  function trading() {
    const state = readState();
    const account = h('span', { id: 'account-name' }, state ? '...' : 'Delayed data');
    if (state) void readAccounts(state, account);
    return h(
      'div',
      { class: 'trading' },
      h(
        'header',
        {},
        h('img', { class: 'mark small', src: '/assets/mark.svg', alt: '' }),
        h('strong', {}, 'Web trader'),
        h('span', { class: 'badge' }, state?.environment === 'live' ? 'LIVE' : 'SIM'),
        account,
        h('span', { class: 'spring' }),
        h('span', { class: 'quiet', id: 'link' }),
        h('span', { class: 'quiet', id: 'who' }, state?.username ?? ''),
      ),
      h(
        'aside',
        { class: 'panel' },
        h('h2', {}, 'Watchlist'),
        table(
          ['Contract', 'Last', 'Chg'],
          [
            ['ESZ6', '6 812.25', '+0.42%'],
            ['NQZ6', '24 930.50', '+0.61%'],
            ['CLF7', '61.08', '-0.88%'],
            ['GCG7', '4 102.4', '+0.15%'],
            ['ZNZ6', '112.27', '-0.05%'],
          ],
        ),
      ),
      h('section', { class: 'panel' }, h('h2', {}, 'NQZ6 · 5 min'), chart()),
      h(
        'aside',
        { class: 'panel ticket' },
        h('h2', {}, 'Order'),
        h('label', { class: 'field', for: 'quantity' }, 'Quantity'),
        h('input', { id: 'quantity', type: 'number', value: '1', class: 'MuiInputBase-input' }),
        h('button', { type: 'button', class: 'MuiButton-root buy' }, 'Buy Mkt'),
        h('button', { type: 'button', class: 'MuiButton-root sell' }, 'Sell Mkt'),
      ),
      h(
        'section',
        { class: 'panel wide' },
        h('h2', {}, 'Positions'),
        table(
          ['Contract', 'Net', 'Price', 'Open P/L'],
          [
            ['NQZ6', '1', '24 911.75', '+375.00'],
            ['ESZ6', '-2', '6 815.00', '+275.00'],
          ],
        ),
      ),
    );
  }

  async function readAccounts(state, node) {
    try {
      const response = await fetch(`https://${state.apiHosts[state.environment]}/v1/account/list`, {
        headers: { authorization: `Bearer ${state.token}` },
      });
      if (response.status === 401) return signedOut();
      const accounts = await response.json();
      node.textContent = accounts[0]?.name ?? 'No account';
    } catch {
      node.textContent = 'No connection';
    }
  }

  // Two sockets, market data and user data (FACTS.md §6). What becomes of them is in the header.
  function openSockets() {
    closeSockets();
    const state = readState();
    if (!state) return;
    const live = state.environment === 'live';
    const hosts = state.apiHosts;
    const ends = [
      openSocket(hosts[live ? 'mdLive' : 'mdDemo'], state.mdToken),
      openSocket(hosts[state.environment], state.token, (socket) =>
        socket.send(
          `user/syncrequest\n2\n\n${JSON.stringify({ users: [state.userId], splitResponses: true })}`,
        ),
      ),
    ];
    closeSockets = () => {
      closeSockets = () => {};
      for (const end of ends) end();
    };
  }

  function openSocket(host, token, ready = () => {}) {
    const socket = new WebSocket(`wss://${host}/v1/websocket`);
    const tell = (text) => {
      const node = document.getElementById('link');
      if (node) node.textContent = text;
    };
    const beat = setInterval(() => socket.readyState === 1 && socket.send('[]'), 2_500);
    let over = false;
    socket.onmessage = ({ data }) => {
      if (data === 'o') socket.send(`authorize\n1\n\n${token}`);
      if (data[0] !== 'a') return;
      for (const { i, s, e, d } of JSON.parse(data.slice(1))) {
        if (i === 1 && s === 200) {
          tell('Online');
          ready(socket);
        }
        if (e === 'shutdown') {
          over = true;
          tell(`Offline: ${d.reasonCode}`);
        }
      }
    };
    socket.onclose = () => {
      clearInterval(beat);
      if (!over) tell('Offline');
    };
    return () => {
      over = true;
      socket.onclose = () => clearInterval(beat);
      socket.close();
    };
  }

  // The running application renews its own token; the picker does not (FACTS.md §6).
  function scheduleRenewal() {
    clearTimeout(renewal);
    const state = readState();
    if (!state) return;
    const left = new Date(state.expiration).getTime() - Date.now();
    renewal = setTimeout(() => void renew(), Math.max((left * 5) / 6, 0));
  }

  async function renew() {
    const state = readState();
    try {
      const response = await fetch(`https://${state.apiHosts.live}/v1/auth/renewaccesstoken`, {
        headers: { authorization: `Bearer ${state.token}` },
      });
      if (response.status === 401) return signedOut();
      const reply = await response.json();
      if (reply.accessToken) adopt(reply, state.environment);
      scheduleRenewal();
    } catch {
      renewal = setTimeout(() => void renew(), 30_000);
    }
  }

  function signedOut() {
    clearTimeout(renewal);
    sessionStorage.removeItem(stateKey);
    message = 'Your session was closed because you signed in elsewhere, or it has expired.';
    go('/welcome');
  }

  // --- which page ---------------------------------------------------------------------------------------------------

  function render() {
    clearTimeout(renewal);
    closeSockets();
    if (location.pathname === '/trader' || query.has('noform')) {
      show(trading());
      openSockets();
      scheduleRenewal();
    } else if (readState()) show(picker());
    else show(loginForm());
  }

  /** Replaces every node, like a React tree that is mounted anew. */
  window.rerender = render;
  window.addEventListener('popstate', render);
  window.addEventListener('load', () => setTimeout(render, late));
})();
