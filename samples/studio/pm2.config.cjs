// The apps of this workspace, as such a file looks after the first step away from a single
// instance: names and some ports follow SHIPSEC_INSTANCE, others are still those of instance 0.
const fs = require('fs');
const path = require('path');

const instance = process.env.SHIPSEC_INSTANCE || '0';
const portOf = (base) => base + Number(instance) * 100;

// PM2 keeps env_file with the app and never reads it; the apps read their own .env themselves.
const envFile = (app) => {
  const own = path.join(__dirname, '.instances', `instance-${instance}`, `${app}.env`);
  return fs.existsSync(own) ? own : path.join(__dirname, app, '.env');
};

module.exports = {
  apps: [
    {
      name: `shipsec-backend-${instance}`,
      cwd: path.join(__dirname, 'backend'),
      script: 'npm',
      args: 'run dev',
      interpreter: 'none',
      env_file: envFile('backend'),
      env: {
        NODE_ENV: 'development',
        PORT: portOf(3211),
        TERMINAL_REDIS_URL: `redis://localhost:${portOf(6379)}`,
        LOG_KAFKA_BROKERS: 'localhost:9092',
        LOG_KAFKA_CLIENT_ID: `shipsec-backend-${instance}`,
        TEMPORAL_ADDRESS: 'localhost:7233',
        TEMPORAL_NAMESPACE: `shipsec-dev-${instance}`,
        TEMPORAL_TASK_QUEUE: `shipsec-dev-${instance}`,
      },
      max_memory_restart: '500M',
      restart_delay: 500,
    },
    {
      name: `shipsec-worker-${instance}`,
      cwd: path.join(__dirname, 'worker'),
      script: 'src/main.js',
      env_file: envFile('worker'),
      env: {
        NODE_ENV: 'development',
        LOG_KAFKA_BROKERS: 'localhost:9092',
        LOG_KAFKA_CLIENT_ID: `shipsec-worker-${instance}`,
        STUDIO_API_BASE_URL: 'http://localhost:3211/api/v1',
        TEMPORAL_NAMESPACE: 'shipsec-dev',
        TEMPORAL_TASK_QUEUE: 'shipsec-dev',
      },
      restart_delay: 500,
    },
    {
      name: `shipsec-frontend-${instance}`,
      cwd: path.join(__dirname, 'frontend'),
      script: 'npm',
      args: 'run dev',
      interpreter: 'none',
      env_file: envFile('frontend'),
      env: {
        NODE_ENV: 'development',
        VITE_API_URL: `http://localhost:${portOf(3211)}`,
      },
      restart_delay: 500,
    },
    {
      // Started by hand, once per machine: it belongs to no instance.
      name: 'shipsec-test-worker',
      cwd: path.join(__dirname, 'worker'),
      script: 'src/main.js',
      env_file: path.join(__dirname, 'worker', '.env'),
      env: {
        NODE_ENV: 'test',
        TEMPORAL_NAMESPACE: 'shipsec-dev',
        TEMPORAL_TASK_QUEUE: 'test-worker-integration',
      },
    },
  ],
};
