import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const envFile = fileURLToPath(new URL('../.env', import.meta.url));
if (existsSync(envFile)) process.loadEnvFile(envFile); // never overrides what the environment holds

/**
 * @param {string} name
 * @param {number} fallback
 */
function positive(name, fallback) {
  const text = process.env[name] || String(fallback);
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`${name} is '${text}'; it must be a whole number above zero`);
}

/**
 * Reads the worker's settings from the environment and, for what that lacks, from `.env` beside
 * the package. The fallbacks are those of the single-instance days.
 *
 * @throws {Error} naming the variable that is missing or malformed
 */
export function readSettings() {
  const databaseUrl = process.env.DATABASE_URL;
  if (!databaseUrl)
    throw new Error('DATABASE_URL is not set; set it in the environment or copy worker/.env.example to worker/.env');
  const instance = process.env.SHIPSEC_INSTANCE || 'unknown';
  return {
    instance,
    name: process.env.LOG_KAFKA_CLIENT_ID || `shipsec-worker (instance ${instance})`,
    databaseUrl,
    namespace: process.env.TEMPORAL_NAMESPACE || 'shipsec-dev',
    queue: process.env.TEMPORAL_TASK_QUEUE || 'shipsec-dev',
    brokers: process.env.LOG_KAFKA_BROKERS || 'localhost:9092',
    intervalMs: positive('WORKER_INTERVAL_MS', 2000),
    batchSize: positive('WORKER_BATCH_SIZE', 50),
  };
}
