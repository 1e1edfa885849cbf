"""The laptop's edge: the page, the socket and a health check on one port, behind checks of Host and Origin."""
