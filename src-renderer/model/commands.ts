/** Lines to be copied into a terminal. */

/** A job of the repository that one stands in. */
export const submitCommand = 'npx homerunner submit --wait -- npm test';
