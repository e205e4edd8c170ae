package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"testing"
)

// framed is a message of Postgres' protocol; without a type it is the first of a connection.
func framed(kind string, body string) []byte {
	out := []byte(kind)
	out = binary.BigEndian.AppendUint32(out, uint32(4+len(body)))
	return append(out, body...)
}

func TestWhatAClientWaitsAfterIsCounted(t *testing.T) {
	sent := bytes.Join([][]byte{
		framed("", "user frontdesk"), framed("p", "secret"), framed("Q", "begin\x00"),
		framed("P", "SELECT 'S Q'"), framed("D", ""), framed("S", ""), framed("B", "QQQQQ"), framed("E", ""), framed("S", ""), framed("X", ""),
	}, nil)
	c, passed := &counter{}, &bytes.Buffer{}
	c.count(passed, bufio.NewReader(bytes.NewReader(sent)))
	if got := c.trips.Load(); got != 3 {
		t.Errorf("got %d round trips, want 3: a query, a preparation, an execution", got)
	}
	if !bytes.Equal(passed.Bytes(), sent) {
		t.Error("what was sent did not arrive as it was")
	}
}
