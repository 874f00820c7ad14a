"""Search: an index of what people, groups and contents say, on each machine, made from the database.

The index is a disposable projection: it follows the event log with a cursor that is kept in it, and whatever
is wrong with it, it is made anew. It answers with ids; what is shown of them is loaded through their owners,
for whoever asks, so that what they may not see never shows.
"""
