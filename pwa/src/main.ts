import { createApp } from 'vue'

import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/layout.css'
import App from './shell/App.vue'
import { fetchPagesSoon } from './shell/pages'
import { router } from './shell/router'
import { followTheDay } from './store/currentDay'
import { restore } from './sync/session'
import { startSyncing } from './sync/start'

/** Who is signed in is known from the phone's own store before anything is drawn: no network is waited for. */
async function start() {
  try {
    await restore()
  } catch {
    document.body.textContent = '手机不让实事簿保存内容。请退出浏览器的无痕模式，或腾出一些空间，再打开一次。'
    return
  }
  createApp(App).use(router).mount('#app')
  void startSyncing()
  followTheDay()
  fetchPagesSoon()
}

void start()
