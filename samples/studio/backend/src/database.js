import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { reason } from './deadline.js';

const RETRY_MS = 500;
const REMIND_EVERY = 10;

const TABLE = `
  CREATE TABLE IF NOT EXISTS notes (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text         text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    created_by   text NOT NULL,
    processed_at timestamptz,
    processed_by text
  )`;

const COLUMNS = `id::int AS id, text, created_at AS "createdAt", created_by AS "createdBy",
  processed_at AS "processedAt", processed_by AS "processedBy"`;

/** The notes in PostgreSQL, and who the server says it is. */
export class Database {
  /**
   * @param {string} url
   * @param {string} shownUrl the same without its password
   */
  constructor(url, shownUrl) {
    this.url = shownUrl;
    this.pool = new pg.Pool({
      connectionString: url,
      max: 5,
      connectionTimeoutMillis: 1000,
      query_timeout: 2000,
    });
    // A server that goes away breaks idle connections; the next query opens a new one.
    this.pool.on('error', (error) => console.warn(`database: connection lost: ${reason(error)}`));
  }

  /**
   * Waits until the server takes connections, then makes the table.
   *
   * @param {AbortSignal} signal ends the waiting
   */
  async prepare(signal) {
    for (let attempt = 1, last = ''; !signal.aborted; attempt++) {
      try {
        await this.pool.query(TABLE);
        console.log(`database: ready at ${this.url} (attempt ${attempt})`);
        return;
      } catch (error) {
        const why = reason(error);
        if (why !== last || attempt % REMIND_EVERY === 0)
          console.warn(`database: not ready at ${this.url}: ${why} (attempt ${attempt}, again every ${RETRY_MS} ms)`);
        last = why;
      }
      await pause(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }

  async ping() {
    await this.pool.query('SELECT 1');
  }

  /**
   * @param {string} text
   * @param {string} author
   */
  async add(text, author) {
    const { rows } = await this.pool.query(
      `INSERT INTO notes (text, created_by) VALUES ($1, $2) RETURNING ${COLUMNS}`, [text, author]);
    return rows[0];
  }

  /** The newest hundred, newest first. */
  async list() {
    const { rows } = await this.pool.query(`SELECT ${COLUMNS} FROM notes ORDER BY notes.id DESC LIMIT 100`);
    return rows;
  }

  /** `systemIdentifier` is drawn once, by initdb: no two database clusters share it. */
  async identity() {
    const { rows } = await this.pool.query(`
      SELECT system_identifier::text AS "systemIdentifier", current_database() AS "name",
             host(inet_server_addr()) AS "serverAddress", inet_server_port() AS "serverPort"
      FROM pg_control_system()`);
    return rows[0];
  }

  async close() {
    await this.pool.end();
  }
}
