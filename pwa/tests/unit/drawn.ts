/** A component as the person reads it, drawn without a browser. */
import { createSSRApp, h, type Component, type FunctionalComponent } from 'vue'
import { renderToString } from 'vue/server-renderer'

const link: FunctionalComponent = (_, { slots }) => h('a', slots.default?.())

/** Its HTML. Links are drawn as their words. */
export async function html(component: Component, props: Record<string, unknown>): Promise<string> {
  const app = createSSRApp(component, props)
  app.component('RouterLink', link)
  return renderToString(app)
}

/** Its words, spaces as the screen shows them. */
export async function words(component: Component, props: Record<string, unknown>): Promise<string> {
  const tagless = (await html(component, props)).replace(/<!--.*?-->/g, '').replace(/<[^>]*>/g, ' ')
  return tagless.replace(/\s+/g, ' ').trim()
}
