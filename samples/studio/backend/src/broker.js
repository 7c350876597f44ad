import { Kafka, logLevel } from 'kafkajs';

/** The Kafka broker. Each question opens its own connection, so the answer is never an old one. */
export class Broker {
  /**
   * @param {string[]} bootstrap `host:port`
   * @param {string} clientId
   * @param {number} patienceMs bounds connecting and each request
   */
  constructor(bootstrap, clientId, patienceMs) {
    this.bootstrap = bootstrap;
    this.clientId = clientId;
    this.patienceMs = patienceMs;
  }

  /** Who answers, and under which addresses it tells its clients to come back. */
  async identity() {
    const admin = new Kafka({
      brokers: this.bootstrap,
      clientId: this.clientId,
      connectionTimeout: this.patienceMs,
      requestTimeout: this.patienceMs,
      retry: { retries: 0 },
      logLevel: logLevel.NOTHING,
    }).admin();
    try {
      await admin.connect();
      const { clusterId, brokers } = await admin.describeCluster();
      return { clusterId, brokers: brokers.map(({ host, port }) => `${host}:${port}`) };
    } finally {
      await admin.disconnect();
    }
  }
}
