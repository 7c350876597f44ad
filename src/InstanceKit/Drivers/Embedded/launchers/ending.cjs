// How a launcher hears that it is to end: from PM2 by a message, which every system has, and from others by a signal.
'use strict';

exports.onEnd = (end) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  process.on('message', (message) => {
    if (message === 'shutdown') end();
  });
  process.channel?.unref(); // listening to it is no reason to go on
};
