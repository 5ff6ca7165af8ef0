/** The Background Sync registration that the page makes and the service worker answers. */
export const BACKGROUND_TAG = 'shishibu-outbox'
