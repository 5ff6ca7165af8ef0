/** Why sending or fetching did not work: the phone's own codes, one Chinese sentence each. */
export const problems = {
  offline: '没有网络，记下的都在手机里，有网后会自动上传。',
  timeout: '网络太慢，没有传完，稍后会自动再试。',
  not_our_answer: '没有连到服务器，如果用的是 Wi-Fi，请先登录这个 Wi-Fi。',
  server_down: '服务器暂时连不上，记下的都在手机里，稍后会自动再试。',
  no_receipt: '服务器的回执不完整，记下的都在手机里，稍后会自动再试。',
  phone_full: '手机存储空间不够了，请清理后再试。',
  unfinished: '同步没有完成，记下的都在手机里，稍后会自动再试。',
}

/** Without a network, where nothing was recorded that could wait for it. */
export const offlineWhile = {
  signingIn: '现在没有网络。第一次登录要有信号，请到有信号的地方再点“登录”。',
  reading: '现在没有网络，有信号时会自动更新。',
}
