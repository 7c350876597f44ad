// How a launcher is told to stop: by PM2 with a message, which works on every system, and by others with a signal.
'use strict';

exports.onEnd = (end) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  process.on('message', (message) => {
    if (message === 'shutdown') end();
  });
  process.channel?.unref(); // must not keep this process alive
};
