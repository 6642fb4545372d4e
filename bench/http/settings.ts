/** Of the application as production runs it, without rate limits, which would refuse a load test. */
export const HTTP_SETTINGS = {
  NODE_ENV: 'production',
  JWT_SECRET: 'only-for-the-benchmark-and-long-enough',
  PERSONAL_DATA_KEY: 'cGVyc29uYWwgZGF0YSBvZiB0aGUgYmVuY2htYXJrISE=',
  RATE_LIMITS: 'off',
  LOG_LEVEL: 'silent',
};
