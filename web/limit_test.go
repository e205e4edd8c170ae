//go:build !race

package main

import "time"

// secondStart is how long a start on an existing data folder may take.
const secondStart = 5 * time.Second
