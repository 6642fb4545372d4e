import { SetupError } from '../errors.js';
import { isParking, type ParkingSubscription, type Subscription } from './subscription.js';

/** The subscriptions that this application's handlers declare. Complete once the buses are set up. */
export class SubscriptionRegistry {
  private readonly byName = new Map<string, Subscription>();
  private onComplete: (() => void) | undefined;

  get all(): Subscription[] {
    return [...this.byName.values()];
  }

  /** Side effects and sagas. */
  get parking(): ParkingSubscription[] {
    return this.all.filter(isParking);
  }

  find(name: string): Subscription | undefined {
    return this.byName.get(name);
  }

  /** @throws SetupError when the name is taken */
  add(declaredBy: Function, subscription: Subscription): void {
    const { name } = subscription;
    if (this.byName.has(name)) {
      throw new SetupError(`Two subscriptions are named "${name}"; one is ${declaredBy.name}. Give it another name.`);
    }
    this.byName.set(name, subscription);
  }

  complete(): void {
    this.onComplete?.();
  }

  whenComplete(run: () => void): void {
    this.onComplete = run;
  }
}
