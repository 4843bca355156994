// Package deploy holds what an operator installs: a Dockerfile, a systemd
// unit and a commented configuration. Its test keeps them correct; it has no
// code.
package deploy
