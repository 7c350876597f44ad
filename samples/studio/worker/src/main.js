import { setTimeout as pause } from 'node:timers/promises';
import { Inbox } from './inbox.js';
import { readSettings } from './settings.js';

const CLOSE_PATIENCE_MS = 500;

async function main() {
  const settings = readSettings();
  const inbox = new Inbox(settings.databaseUrl);
  const stopping = new AbortController();
  const who = `instance=${settings.instance} namespace=${settings.namespace} queue=${settings.queue} brokers=${settings.brokers}`;

  /** @param {string} signal */
  function stop(signal) {
    if (stopping.signal.aborted) return;
    stopping.abort();
    console.log(`worker: stopping (${signal})`);
    setTimeout(() => process.exit(0), CLOSE_PATIENCE_MS).unref();
    inbox.close().then(() => process.exit(0));
  }
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  while (!stopping.signal.aborted) {
    try {
      const count = await inbox.process(settings.name, settings.batchSize);
      console.log(`worker: ${who} processed=${count}`);
    } catch (/** @type {any} */ error) {
      if (stopping.signal.aborted) return;
      const why = error.message || error.errors?.map((/** @type {Error} */ each) => each.message).join(', ') || error.code;
      console.warn(`worker: ${who} waiting: ${why}`);
    }
    await pause(settings.intervalMs, undefined, { signal: stopping.signal }).catch(() => {});
  }
}

main().catch((error) => {
  console.error(`worker: ${error.message}`);
  process.exit(1);
});
