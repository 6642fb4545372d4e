import { ExpectedError } from '@leftfold/core';

const REMEDY = 'Send the METRICS_TOKEN of this application as "Authorization: Bearer <token>".';

export class ScrapeTokenMissingError extends ExpectedError {
  readonly code = 'not-signed-in';
  readonly kind = 'unauthenticated';

  constructor() {
    super(`Metrics need a token. ${REMEDY}`);
  }
}

export class ScrapeTokenInvalidError extends ExpectedError {
  readonly code = 'token-invalid';
  readonly kind = 'unauthenticated';

  constructor() {
    super(`This token is not valid for the metrics. ${REMEDY}`);
  }
}

export class ScrapeForbiddenError extends ExpectedError {
  readonly code = 'forbidden';
  readonly kind = 'forbidden';

  static becauseThereIsNoToken(): ScrapeForbiddenError {
    return new ScrapeForbiddenError(
      'Only this machine can read metrics, because METRICS_TOKEN is not set. Set it where the application starts, ' +
        'and send it as "Authorization: Bearer <token>".',
    );
  }
}
