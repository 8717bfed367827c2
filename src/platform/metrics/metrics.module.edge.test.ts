import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createMetrics } from './metrics';
import { MetricsModule } from './metrics.module';

describe('GET /metrics', () => {
  test('brings everything up to date and answers in Prometheus’s text', async () => {
    const metrics = createMetrics();
    const refresh = () => {
      metrics.streamSubscribers.set(7);
    };
    const module = await Test.createTestingModule({ imports: [MetricsModule.register(metrics, [refresh])] }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    await app.init();
    try {
      const answer = await app.inject({ method: 'GET', url: '/metrics' });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(answer.body).toContain('\nassay_stream_subscribers 7\n');
    } finally {
      await app.close();
    }
  });
});
