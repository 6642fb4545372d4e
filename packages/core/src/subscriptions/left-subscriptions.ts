/**
 * The subscriptions that this node has left to others, because its program does not know the type or the version of their next
 * event. It comes back when no other node runs them, after growing pauses, and when its program knows the event.
 */
export abstract class LeftSubscriptions {
  /** Their names, with the stored type of the event; none while this node knows all events that it has met. */
  abstract left(): readonly { readonly name: string; readonly type: string }[];
}
