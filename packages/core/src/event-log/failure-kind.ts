/**
 * How an append failed. `lost`: the connection broke and it may have been stored, or other transactions blocked it.
 * `slow`: the database cancelled it for its time limit, and for nothing else. `unavailable`: the database did not store
 * it but may do so later. `duplicate`: a unique key is taken. `fault`: it can never succeed.
 */
export type FailureKind = 'lost' | 'slow' | 'unavailable' | 'duplicate' | 'fault';
