import { reason, within } from './deadline.js';

const PATIENCE_MS = 900;

/** An error whose message and status are meant for the caller. */
class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * What the backend answers, by method and path. Every answer is an HTTP status and a value to be
 * written as JSON.
 *
 * @param {import('./settings.js').Settings} settings
 * @param {{ database: import('./database.js').Database, counter: import('./counter.js').Counter,
 *           broker: import('./broker.js').Broker }} services
 * @returns {Record<string, (body: string) => Promise<{ status: number, value: unknown }>>}
 */
export function routes(settings, { database, counter, broker }) {
  const author = `instance ${settings.instance ?? 'unknown'}`;

  return {
    'GET /notes': async () => {
      const [notes, written] = await Promise.all([database.list(), within(PATIENCE_MS, 'Redis', counter.read())]);
      return { status: 200, value: { notes, written } };
    },

    'POST /notes': async (body) => {
      const note = await database.add(noteText(body, settings.maxNoteLength), author);
      try {
        return { status: 201, value: { note, written: await within(PATIENCE_MS, 'Redis', counter.bump()) } };
      } catch (error) {
        throw new Refusal(503, `note ${note.id} is stored, but not counted: ${reason(error)}`);
      }
    },

    'GET /health': async () => {
      const [postgres, redis, kafka] = await Promise.all([
        probe('PostgreSQL', () => database.ping()),
        probe('Redis', () => counter.ping()),
        settings.infra.hasBroker ? probe('the broker', () => broker.identity()) : { skipped: true },
      ]);
      const ok = [postgres, redis, kafka].every((check) => 'skipped' in check || check.ok);
      return {
        status: ok ? 200 : 503,
        value: { status: ok ? 'ok' : 'unavailable', instance: settings.instance, checks: { postgres, redis, kafka } },
      };
    },

    'GET /whoami': async () => {
      const [server, redis, cluster] = await Promise.all([
        describe('PostgreSQL', () => database.identity()),
        describe('Redis', () => counter.identity()),
        settings.infra.hasBroker ? describe('the broker', () => broker.identity()) : { skipped: true },
      ]);
      return {
        status: 200,
        value: {
          instance: settings.instance,
          infra: settings.infra.kind,
          pid: process.pid,
          port: settings.port,
          database: { url: database.url, ...server },
          redis: { url: counter.url, ...redis },
          kafka: { bootstrap: settings.kafka.bootstrap, clientId: settings.kafka.clientId, ...cluster },
          temporal: settings.temporal,
          env: settings.env,
        },
      };
    },
  };
}

/**
 * @param {string} body
 * @param {number} most
 */
function noteText(body, most) {
  let text;
  try {
    text = JSON.parse(body)?.text;
  } catch {
    throw new Refusal(400, 'the body is not JSON; send {"text": "…"}');
  }
  if (typeof text !== 'string' || !text.trim()) throw new Refusal(400, 'text is missing or empty; send {"text": "…"}');
  if (text.trim().length > most) throw new Refusal(400, `text has ${text.trim().length} characters; at most ${most} are stored`);
  return text.trim();
}

/**
 * @param {string} what
 * @param {() => Promise<unknown>} work
 */
async function probe(what, work) {
  const start = performance.now();
  const result = await describe(what, work);
  const ms = Math.round(performance.now() - start);
  return result.error ? { ok: false, ms, error: result.error } : { ok: true, ms };
}

/**
 * @param {string} what
 * @param {() => Promise<any>} work
 */
async function describe(what, work) {
  try {
    return { ...(await within(PATIENCE_MS, what, work())) };
  } catch (error) {
    return { error: reason(error) };
  }
}
