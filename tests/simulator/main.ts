// The simulator by itself, for a person: `node tests/simulator/main.ts`.
import { startSimulator } from './server.ts';

const simulator = await startSimulator();
const demo = { name: 'demo-trader', password: 'made-up-password' };
simulator.broker.addUser(demo);

console.log(`Local Tradovate is running.

  control page   ${simulator.controlUrl}
  proxy          127.0.0.1:${simulator.proxyPort}
  TLS            127.0.0.1:${simulator.tlsPort}, for programs that are told where the hosts are
  demo login     ${demo.name} / ${demo.password}

A browser that sees it (a throw-away profile; the certificate is self-signed):
  chromium --user-data-dir="$(mktemp -d)" --proxy-server=127.0.0.1:${simulator.proxyPort} \\
    --ignore-certificate-errors https://trader.tradovate.com/welcome

Ctrl+C stops it.`);

process.once('SIGINT', () => void simulator.close());
process.once('SIGTERM', () => void simulator.close());
