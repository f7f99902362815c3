"""When a patient may leave, by which criteria, and with whom."""
