// Package deploy holds what an operator installs: a Dockerfile, a systemd
// unit, a commented configuration, and the pages on platforms, which the screens
// show too. Its test keeps them correct; it decides nothing.
package deploy
