// A microphone whose person speaks when the test says so: a hum that is loud or silent, behind the browser's own API.
() => {
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const voice = new GainNode(context, { gain: 0 });
    const end = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    const hum = new OscillatorNode(context, { type: "sawtooth", frequency: 180 });
    hum.connect(voice).connect(end);
    hum.start();
    window.speak = (on) => (voice.gain.value = on ? 0.3 : 0);
    return end.stream;
  };
}
