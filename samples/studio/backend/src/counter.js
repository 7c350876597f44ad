import { createClient } from '@redis/client';
import { reason } from './deadline.js';

const KEY = 'notes:written';

/** How many notes were ever written, kept in Redis; a server that is down fails at once, not later. */
export class Counter {
  /**
   * @param {string} url
   * @param {string} shownUrl the same without its password
   */
  constructor(url, shownUrl) {
    this.url = shownUrl;
    this.client = createClient({
      url,
      disableOfflineQueue: true,
      socket: { connectTimeout: 1000, reconnectStrategy: (retries) => Math.min(100 * (retries + 1), 1000) },
    });
    let last = '';
    this.client.on('ready', () => {
      last = '';
      console.log(`redis: connected to ${shownUrl}`);
    });
    this.client.on('error', (error) => {
      const why = reason(error);
      if (why !== last) console.warn(`redis: not ready at ${shownUrl}: ${why}`);
      last = why;
    });
  }

  /** Begins to connect, and goes on trying in the background. */
  start() {
    this.client.connect().catch(() => {}); // reported by the error event
  }

  async ping() {
    await this.#ready().ping();
  }

  async bump() {
    return Number(await this.#ready().incr(KEY));
  }

  async read() {
    return Number((await this.#ready().get(KEY)) ?? 0);
  }

  /** `runId` is drawn by the server at every start. */
  async identity() {
    const info = await this.#ready().info('server');
    return { runId: /^run_id:(\w+)/m.exec(info)?.[1] ?? null };
  }

  close() {
    if (this.client.isOpen) this.client.destroy();
  }

  #ready() {
    if (this.client.isReady) return this.client;
    throw new Error(`not connected to ${this.url}`);
  }
}
