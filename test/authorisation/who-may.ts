/**
 * - `anyone`: also without a token, or with an invalid one
 * - `signed-in`: every signed-in user, about themselves
 * - `owner`: the user in the path; operators get 403, all others 404
 * - `owner-or-operator`: all others get 404
 * - `operator`: all others get 403
 *
 * An auditor may read what operators read, and is answered 403 where they change something.
 */
export type Who = 'anyone' | 'signed-in' | 'owner' | 'owner-or-operator' | 'operator';

/** Who may do what: one line for each operation of the OpenAPI document, or more where a query parameter changes it. */
export const WHO_MAY: Readonly<Record<string, Who>> = {
  'GET /': 'anyone',
  'GET /health/live': 'anyone',
  'GET /health/ready': 'anyone',

  'POST /users': 'anyone',
  'GET /users': 'operator',
  'GET /users/me': 'signed-in',
  'GET /users/{userId}': 'owner-or-operator',
  'GET /users/{userId}?version=1': 'owner-or-operator',
  'GET /users/{userId}/history': 'owner-or-operator',
  'PUT /users/{userId}/email': 'owner',
  'PUT /users/{userId}/password': 'owner',
  'PUT /users/{userId}/username': 'owner',
  'DELETE /users/{userId}/sessions': 'owner-or-operator',
  'POST /users/{userId}/reversion': 'owner-or-operator',
  'POST /users/{userId}/erasure': 'owner-or-operator',
  'GET /users/{userId}/personal-data': 'owner-or-operator',
  'PUT /users/{userId}/roles/{role}': 'operator',
  'DELETE /users/{userId}/roles/{role}': 'operator',

  'POST /sessions': 'anyone',
  'DELETE /sessions/current': 'signed-in',
  'POST /password-resets': 'anyone',
  'POST /password-resets/redemption': 'anyone',

  'POST /products': 'operator',
  'GET /products': 'anyone',
  'POST /products/{sku}/stock': 'operator',
  'GET /products/{sku}': 'anyone',
  'GET /products/{sku}?version=1': 'operator',
  'GET /products/{sku}/history': 'operator',

  'POST /orders': 'signed-in',
  'GET /orders': 'signed-in',
  'GET /orders/{orderId}': 'owner-or-operator',
  'GET /orders/{orderId}?version=1': 'owner-or-operator',
  'GET /orders/{orderId}/history': 'owner-or-operator',
  'POST /orders/{orderId}/payment': 'operator',
  'POST /orders/{orderId}/cancellation': 'owner-or-operator',
  'GET /users/{userId}/order-statistics': 'owner-or-operator',

  'GET /events': 'operator',
  'GET /events/live': 'operator',
  'GET /events/{position}/proof': 'operator',
  'GET /proofs/checkpoint': 'operator',
  'GET /proofs/checkpoint/cosigned': 'operator',
  'POST /proofs/cosignatures': 'operator',
  'GET /proofs/tile/{path}': 'operator',
  'GET /streams': 'operator',
  'GET /streams/{stream}': 'operator',

  'GET /subscriptions': 'operator',
  'GET /subscriptions/{name}': 'operator',
  'POST /subscriptions/{name}/rebuild': 'operator',
  'POST /subscriptions/{name}/pause': 'operator',
  'POST /subscriptions/{name}/resume': 'operator',
  'GET /gone-subscriptions': 'operator',
  'POST /gone-subscriptions/{name}/move': 'operator',
  'DELETE /gone-subscriptions/{name}': 'operator',
  'GET /dead-letters': 'operator',
  'GET /dead-letters/{id}': 'operator',
  'DELETE /dead-letters/{id}': 'operator',
  'POST /dead-letters/{id}/retry': 'operator',

  'GET /causation/{correlationId}': 'operator',
  'GET /nodes': 'operator',
  'GET /message-handlers': 'operator',
  'GET /schedules': 'operator',
  'DELETE /schedules/{id}': 'operator',
  'GET /recurring': 'operator',
  'GET /recurring/{name}': 'operator',
  'POST /recurring/{name}/pause': 'operator',
  'POST /recurring/{name}/resume': 'operator',
  'POST /recurring/{name}/run': 'operator',
};
