import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'

import packageJson from './package.json' with { type: 'json' }

/** Old webviews in the field: without it Vite's default is a syntax error on Chromium 80. */
const target = ['chrome79', 'safari13']

/** What every start needs lies in one file: split by who else imports it, it weighs a kilobyte more. */
const FIRST = /preload-helper|node_modules\/(dexie|uuid|vue|@vue|vue-router)\/|src\/store\/sealed\.ts|src\/sync\/session\.ts/

export default defineConfig({
  plugins: [
    vue(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      registerType: 'prompt',
      injectRegister: false, // main.ts registers it: the CSP forbids inline script
      manifest: {
        name: '实事簿',
        short_name: '实事簿',
        description: '记下群众的事，办成群众的事',
        lang: 'zh-CN',
        display: 'standalone',
        start_url: '/',
        background_color: '#f6f2e9',
        theme_color: '#f6f2e9',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
      },
      injectManifest: {
        target,
        rollupFormat: 'iife', // Chromium 80 has no module service workers
        globPatterns: ['**/*.{html,js,css,svg,png,webmanifest}'],
      },
    }),
  ],
  define: {
    __APP_VERSION__: JSON.stringify(packageJson.version),
    // Every component is <script setup>: the older way of writing them stays out of the bundle.
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  // Dexie's wrapper would bring its ES5 build; this is the same version as modules, and smaller.
  resolve: { alias: { dexie: fileURLToPath(new URL('./node_modules/dexie/dist/modern/dexie.mjs', import.meta.url)) } },
  // Nothing is inlined as data: the CSP allows only files of our own origin.
  // Where modules cannot be preloaded (Safari 13 to 16) they are loaded when they are met; making up for that weighs more.
  build: { target, cssTarget: target, manifest: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0, rolldownOptions: { output: { advancedChunks: { groups: [{ name: 'first', test: FIRST }] } } } },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
  test: { include: ['tests/unit/**/*.test.ts'] },
})
