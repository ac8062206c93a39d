"""What a picture is made of: marks, views and colours as plain data, with no browser in it."""
