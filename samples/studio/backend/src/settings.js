import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const envFile = fileURLToPath(new URL('../.env', import.meta.url));
if (existsSync(envFile)) process.loadEnvFile(envFile); // never overrides what the environment holds

/**
 * A server's address, and the same fit to be shown: without its password.
 *
 * @param {string} name
 * @param {string} [fallback]
 */
function address(name, fallback) {
  const url = process.env[name] || fallback;
  if (!url) throw new Error(`${name} is not set; set it in the environment or copy backend/.env.example to backend/.env`);
  if (!URL.canParse(url)) throw new Error(`${name} is not a URL; compare it with the line in backend/.env.example`);
  const shown = new URL(url);
  shown.password = '';
  return { url, shownUrl: shown.href };
}

/**
 * @param {string} name
 * @param {number} fallback
 * @param {number} least
 * @param {number} most
 */
function integer(name, fallback, least, most) {
  const text = process.env[name] || String(fallback);
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} is '${text}'; it must be a whole number from ${least} to ${most}`);
}

/** @param {string} text a list separated by commas */
function list(text) {
  return text.split(',').map((part) => part.trim()).filter(Boolean);
}

/**
 * Reads the backend's settings from the environment and, for what that lacks, from `.env` beside
 * the package. The fallbacks are those of the single-instance days.
 *
 * @throws {Error} naming the variable that is missing or malformed
 */
export function readSettings() {
  const instance = process.env.SHIPSEC_INSTANCE;
  return {
    instance: instance ? integer('SHIPSEC_INSTANCE', 0, 0, 9999) : null,
    port: integer('PORT', 3211, 1, 65535),
    corsOrigins: list(process.env.CORS_ORIGINS || 'http://localhost:5173'),
    maxNoteLength: integer('MAX_NOTE_LENGTH', 500, 1, 10_000),
    database: address('DATABASE_URL'),
    redis: address('TERMINAL_REDIS_URL', 'redis://localhost:6379'),
    kafka: {
      bootstrap: list(process.env.LOG_KAFKA_BROKERS || 'localhost:9092'),
      clientId: process.env.LOG_KAFKA_CLIENT_ID || 'shipsec-backend',
    },
    temporal: {
      namespace: process.env.TEMPORAL_NAMESPACE || 'shipsec-dev',
      taskQueue: process.env.TEMPORAL_TASK_QUEUE || 'shipsec-dev',
      address: process.env.TEMPORAL_ADDRESS || 'localhost:7233',
    },
    infra: {
      kind: process.env.INSTANCEKIT_INFRA ?? null,
      // A broker that is known not to be there is no fault of this backend.
      hasBroker: !list(process.env.INSTANCEKIT_SKIPPED || '').includes('redpanda'),
    },
    env: {
      SHIPSEC_ENV: process.env.SHIPSEC_ENV ?? null,
      NODE_ENV: process.env.NODE_ENV ?? null,
    },
  };
}

/** @typedef {ReturnType<typeof readSettings>} Settings */
