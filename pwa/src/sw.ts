/// <reference lib="webworker" />
import { createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

import { BACKGROUND_TAG, runInServiceWorker } from './sync/background'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: string[] }

// The shell: every page of the app is there without a network once it was opened with one.
precacheAndRoute(self.__WB_MANIFEST)
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//, /^\/r\//] }))

// The page that installed it is served by it at once: a cadre who signs in at the office and drives off
// has not reloaded, and would find no page that he has not opened yet.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

// A new version takes over only when the person says so (shell/UpdatePrompt.vue).
self.addEventListener('message', (event) => {
  if ((event.data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting()
})

/** Background Sync is not in TypeScript's library yet. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string
}

self.addEventListener('sync' as keyof ServiceWorkerGlobalScopeEventMap, (event) => {
  const { tag } = event as SyncEvent
  if (tag === BACKGROUND_TAG) (event as SyncEvent).waitUntil(runInServiceWorker())
})
