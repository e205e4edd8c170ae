package redisstore_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
)

// Open screens hear of a change once it is committed, and never of one that was undone.
func TestChangesAreToldAfterTheCommit(t *testing.T) {
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db, store := testkit.DB(t, c), testkit.Redis(t)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	heard := make(chan string, 10)
	go func() {
		_ = store.Watch(ctx, []string{redisstore.TopicDiary}, func(topic, id string) { heard <- topic + ":" + id }) // ends with the test
	}()
	testkit.Eventually(t, time.Minute, "the watch is on", func() bool {
		store.Changed(ctx, redisstore.TopicDiary, "probe")
		return len(heard) > 0
	})
	undone := errors.New("undone")
	err := db.InTx(ctx, func(ctx context.Context) error { store.Changed(ctx, redisstore.TopicDiary, "undone"); return undone })
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	err = db.InTx(ctx, func(ctx context.Context) error { store.Changed(ctx, redisstore.TopicDiary, "kept"); return nil })
	if err != nil {
		t.Fatal(err)
	}
	for got := ""; got != "diary:kept"; {
		select {
		case got = <-heard:
			if strings.HasSuffix(got, "undone") {
				t.Error("a change that was undone was told")
			}
		case <-time.After(5 * time.Second):
			t.Fatal("the change was not told")
		}
	}
}

func TestValuesLiveAndDie(t *testing.T) {
	ctx, store := context.Background(), testkit.Redis(t)
	if err := store.Set(ctx, "k", []byte("v"), time.Minute); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Get(ctx, "k"); err != nil || string(got) != "v" {
		t.Errorf("got %q, %v", got, err)
	}
	if err := store.Delete(ctx, "k", "never"); err != nil {
		t.Fatal(err)
	}
	if got, err := store.Get(ctx, "k"); err != nil || got != nil {
		t.Errorf("after deleting got %q, %v", got, err)
	}
	if _, err := redisstore.Open("redis://:hunter2@[bad"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a wrong URL answers %v", err)
	}
}
