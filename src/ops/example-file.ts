/** Names of settings whose value only this app may know, empty or marked as to be changed. */
const BLANK_SECRET =
  /^(\s*)(SECRET_KEY)(\s*=\s*)(?:''|""|'[^'\n]*(?:change|insert|your|secret|xxx|todo)[^'\n]*'|"[^"\n]*(?:change|insert|your|secret|xxx|todo)[^"\n]*")(\s*(?:#.*)?)$/gim;

/**
 * The example of a settings file as the file itself: a blank key is taken from the environment, where Slipway puts one. Other blanks stay: what they
 * are for is held, or is said by whoever misses it.
 */
export const filledExample = (path: string, content: string): string =>
  path.endsWith('.py')
    ? content.replace(
        BLANK_SECRET,
        (_, indent, name, equals, rest) => `${indent}${name}${equals}__import__('os').environ['SECRET_KEY']${rest}`,
      )
    : content;
