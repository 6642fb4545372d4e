export { UserForgotten } from './events/user-forgotten.event.js';
