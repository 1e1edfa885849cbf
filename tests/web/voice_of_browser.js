// A browser's own voice that says nothing by itself: the test tells it how far it has read.
() => {
  const said = [];
  const voice = { speaking: [], held: false, said };
  voice.reads = (index) => voice.speaking[0].onboundary({ charIndex: index });
  voice.ends = () => voice.speaking.shift().onend({ type: "end" });
  window.voice = voice;
  Object.defineProperty(window, "speechSynthesis", {
    value: {
      getVoices: () => [{ lang: "en-US" }],
      speak: (utterance) => { voice.speaking.push(utterance); said.push(utterance.text); utterance.onstart({ charIndex: 0 }); },
      pause: () => (voice.held = true),
      resume: () => (voice.held = false),
      cancel: () => voice.speaking.splice(0),
    },
  });
}
