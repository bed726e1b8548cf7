//go:build tools

// Package etcd pins what is built from etcd as it is.
package etcd

import _ "go.etcd.io/etcd/server/v3"
