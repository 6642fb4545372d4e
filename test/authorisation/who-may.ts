/**
 * - `anyone`: also without a token, and whatever the token is worth
 * - `signed-in`: everybody with a session, about themselves
 * - `owner`: the person whom the path is about; operators are told that they may not, others that there is nobody
 * - `owner-or-operator`: others are told that there is nothing
 * - `operator`: others are told that their role does not allow it
 */
export type Who = 'anyone' | 'signed-in' | 'owner' | 'owner-or-operator' | 'operator';

/** Who may do what: a line for each operation of the OpenAPI document, and more where a query changes who may. */
export const WHO_MAY: Readonly<Record<string, Who>> = {
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
};
