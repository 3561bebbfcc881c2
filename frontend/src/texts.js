// The few sentences that scripts say themselves, in the two languages of the pages.
const TEXTS = {
  zh: {
    confirm: '确定', cancel: '取消', typeWord: (word) => `请输入“${word}”以确认`, selected: (n) => `已选 ${n} 项`,
    saving: '正在保存草稿…', saved: (when) => `已存草稿 ${when}`, notSaved: '草稿没有保存,稍后自动再试',
    tooLarge: (size, max) => `文件 ${size},超过上限 ${max}`, copied: '已复制', copyFailed: '没有复制,请手动选择复制',
    offline: '网络不通,请稍后再试', failed: (status) => `服务器没有完成这个操作(${status}),您填写的内容还在`, forbidden: '您没有这个权限,或登录已过期', noChart: '图没有画出来,数字见表', noMap: '可移动的地图没有画出来,上面的图内容相同',
  },
  en: {
    confirm: 'OK', cancel: 'Cancel', typeWord: (word) => `Type “${word}” to confirm`, selected: (n) => `${n} selected`,
    saving: 'Saving the draft…', saved: (when) => `Draft saved ${when}`, notSaved: 'The draft was not saved; it will be tried again',
    tooLarge: (size, max) => `The file has ${size}; at most ${max}`, copied: 'Copied', copyFailed: 'Not copied; please select and copy it',
    offline: 'No connection; please try again', failed: (status) => `The server did not finish this (${status}); what you typed is still here`, forbidden: 'You may not do this, or your login has expired', noChart: 'The chart could not be drawn; see the table', noMap: 'The map one can move could not be drawn; the drawing above tells the same',
  },
};

export const texts = TEXTS[document.documentElement.lang.startsWith('en') ? 'en' : 'zh'];
