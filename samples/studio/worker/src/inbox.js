import pg from 'pg';

const UNDEFINED_TABLE = '42P01';

/** The notes that nobody has processed yet. */
export class Inbox {
  /** @param {string} databaseUrl */
  constructor(databaseUrl) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 1, connectionTimeoutMillis: 1000, query_timeout: 2000 });
    this.pool.on('error', (error) => console.warn(`worker: connection to the database lost: ${error.message}`));
  }

  /**
   * Marks the oldest pending notes as processed.
   *
   * @param {string} name who did it
   * @param {number} most
   * @returns {Promise<number>} how many
   */
  async process(name, most) {
    try {
      const { rowCount } = await this.pool.query(`
        UPDATE notes SET processed_at = now(), processed_by = $1
        WHERE id IN (SELECT id FROM notes WHERE processed_at IS NULL ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)`,
        [name, most]);
      return rowCount ?? 0;
    } catch (/** @type {any} */ error) {
      if (error.code === UNDEFINED_TABLE) throw new Error('the table notes does not exist yet; the backend makes it');
      throw error;
    }
  }

  async close() {
    await this.pool.end();
  }
}
