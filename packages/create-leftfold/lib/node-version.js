const NEEDED = { major: 22, minor: 12 };

/**
 * The message for a Node.js version that is too old for the application.
 *
 * @param {string} version such as 22.12.0
 * @returns {string | undefined} undefined when it is new enough
 */
export function refusalOfNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor)) return undefined;
  return `This is Node.js ${version}; Leftfold needs ${NEEDED.major}.${NEEDED.minor} or later. Install it from https://nodejs.org.`;
}
