import { Broker } from './broker.js';
import { Counter } from './counter.js';
import { Database } from './database.js';
import { within } from './deadline.js';
import { routes } from './routes.js';
import { jsonServer } from './server.js';
import { readSettings } from './settings.js';

const BROKER_PATIENCE_MS = 800;
const CLOSE_PATIENCE_MS = 500;

/** @param {unknown} error */
function fail(error) {
  console.error(`backend: ${/** @type {Error} */ (error).message}`);
  process.exit(1);
}

async function main() {
  const settings = readSettings();
  const database = new Database(settings.database.url, settings.database.shownUrl);
  const counter = new Counter(settings.redis.url, settings.redis.shownUrl);
  const broker = new Broker(settings.kafka.bootstrap, settings.kafka.clientId, BROKER_PATIENCE_MS);
  const server = jsonServer(routes(settings, { database, counter, broker }), settings.corsOrigins);
  const stopping = new AbortController();

  /** @param {string} signal */
  async function stop(signal) {
    if (stopping.signal.aborted) return;
    stopping.abort();
    console.log(`backend: stopping (${signal})`);
    server.close();
    server.closeAllConnections();
    counter.close();
    await within(CLOSE_PATIENCE_MS, 'the database', database.close()).catch((error) => console.warn(error.message));
    process.exit(0);
  }
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  console.log(`backend: instance ${settings.instance ?? 'not set'}, namespace ${settings.temporal.namespace}, ` +
    `queue ${settings.temporal.taskQueue}, brokers ${settings.kafka.bootstrap.join(',')}`);
  counter.start();
  // The port opens last: whoever sees it listening may use it.
  await database.prepare(stopping.signal);
  if (stopping.signal.aborted) return;
  server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => fail(error.code === 'EADDRINUSE'
    ? new Error(`port ${settings.port} is taken by another process; stop that one or set PORT`)
    : error));
  server.listen(settings.port, '127.0.0.1', () => console.log(`backend: listening on http://127.0.0.1:${settings.port}`));
}

main().catch(fail);
