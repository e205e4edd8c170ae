//go:build race

package main

import "time"

// secondStart leaves room for the race detector, under which password hashes take ten times as long.
const secondStart = 30 * time.Second
