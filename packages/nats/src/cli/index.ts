export { relayCommands } from './relay.commands.js';
