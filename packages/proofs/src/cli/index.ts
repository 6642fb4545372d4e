export { proofCommands } from './proof.commands.js';
