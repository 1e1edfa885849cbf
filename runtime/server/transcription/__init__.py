"""Amazon Transcribe's streaming protocol over WebSocket, as the laptop's server speaks it to the page's microphone."""
